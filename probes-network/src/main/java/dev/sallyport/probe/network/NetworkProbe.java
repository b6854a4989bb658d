package dev.sallyport.probe.network;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.OptionalProgram;
import dev.sallyport.spi.probe.ProbeProvider;
import java.util.List;

/** The entry to the network probe. */
public final class NetworkProbe implements ProbeProvider {

  /** Its id. */
  public static final String ID = "network";

  /** Makes the provider; it does nothing until it is opened. */
  public NetworkProbe() {}

  @Override
  public ProbeDescriptor descriptor() {
    return new ProbeDescriptor(
        ID,
        "1.0",
        SpiVersion.CURRENT,
        "connections made and accepted, DNS queries with their answers, TLS server names",
        List.of("network"),
        List.of(
            new OptionalProgram("net_socket_call", "packet and vsock sockets that a job opens"),
            new OptionalProgram(
                "net_socket_request", "packet and vsock sockets that a job opens by io_uring")),
        Records.EVENT_TYPES,
        Records.LAYOUTS,
        Records.FAULTS);
  }

  @Override
  public EventDecoder open(ProbeContext context) {
    return new NetworkDecoder(System::nanoTime);
  }
}
