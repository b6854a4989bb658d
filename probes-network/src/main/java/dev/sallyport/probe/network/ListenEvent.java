package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * A process listens for TCP connections.
 *
 * @param local the address, zeros for all
 * @param port the port; 0 when the kernel had yet to choose one, for the call came without a bind
 */
record ListenEvent(IpAddress local, int port) implements ProbeEvent {

  @Override
  public String name() {
    return "sallyport.network.listen";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put(Attributes.TRANSPORT, "tcp");
    sink.put(Attributes.TYPE, local.type());
    sink.put(Attributes.LOCAL_ADDRESS, local.text());
    sink.put(Attributes.LOCAL_PORT, port);
  }
}
