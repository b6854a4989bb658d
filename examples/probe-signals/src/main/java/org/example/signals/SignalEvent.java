package org.example.signals;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * A process of the job sent a signal to another process. Who sent it, and when, the host knows.
 *
 * @param number of the signal
 * @param targetPid process id of whom it was sent to
 * @param targetName its short name; the job chose it, so it may hold anything
 * @param sameJob whether the target belongs to the job too
 */
record SignalEvent(int number, int targetPid, String targetName, boolean sameJob)
    implements ProbeEvent {

  @Override
  public String name() {
    return "org.example.signal.sent";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put("org.example.signal.number", number);
    sink.put("org.example.signal.target.pid", targetPid);
    sink.put("org.example.signal.target.name", targetName);
    sink.put("org.example.signal.same_job", sameJob);
  }
}
