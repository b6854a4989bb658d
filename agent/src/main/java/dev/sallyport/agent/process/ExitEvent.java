package dev.sallyport.agent.process;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * A process ended: its last thread did.
 *
 * @param code exit status, 0 to 255; 0 when a signal ended it
 * @param signal the signal's number, 0 when none
 * @param coreDumped whether it left a core
 */
public record ExitEvent(int code, int signal, boolean coreDumped) implements ProbeEvent {

  @Override
  public String name() {
    return "sallyport.process.exit";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put("process.exit.code", signal == 0 ? code : 128 + signal);
    if (signal != 0) {
      sink.put("sallyport.process.exit.signal", signal);
    }
    if (coreDumped) {
      sink.put("sallyport.process.exit.core_dumped", true);
    }
  }
}
