package org.example.signals;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.EventType;
import dev.sallyport.spi.probe.ProbeProvider;
import java.util.List;

/** The probe as the host finds it: what it is, what it needs, and its decoder. */
public final class SignalProbe implements ProbeProvider {

  /** For {@link java.util.ServiceLoader}. */
  public SignalProbe() {}

  @Override
  public ProbeDescriptor descriptor() {
    return new ProbeDescriptor(
        "example-signals",
        "1.0",
        new SpiVersion(1, 0), // what it was built against; the host refuses what does not fit
        "signals that a job's processes send to other processes",
        List.of("signals"), // signals.bpf.o, for each architecture
        List.of(), // its one program is required
        List.of(new EventType("sent")), // should match: SIGNAL_SENT in signals.h
        List.of(SignalDecoder.LAYOUT),
        List.of()); // no fault counters of its own
  }

  @Override
  public EventDecoder open(ProbeContext context) {
    return new SignalDecoder();
  }
}
