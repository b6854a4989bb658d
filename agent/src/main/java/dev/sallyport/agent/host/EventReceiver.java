package dev.sallyport.agent.host;

import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.Origin;

/** Takes what the probes give. Called on the reader thread. */
public interface EventReceiver {

  /** Takes an event of the record at hand. */
  void receive(
      String probe, long timeNanos, long jobId, int stepId, long execId, int pid, ProbeEvent event);

  /** Takes an event of an earlier record. */
  default void receive(String probe, Origin origin, ProbeEvent event) {
    receive(
        probe,
        origin.timeNanos(),
        origin.jobId(),
        origin.stepId(),
        origin.execId(),
        origin.pid(),
        event);
  }

  /** Takes notice that something is not seen, from now on. Any thread. */
  void coverageGap(String probe, String reason);
}
