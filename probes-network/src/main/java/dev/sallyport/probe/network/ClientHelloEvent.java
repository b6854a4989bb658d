package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process opened TLS to a destination, once or often.
 *
 * @param serverName the name in the clear, null when there was none
 * @param alpn the protocols offered
 * @param ech whether the real name may be encrypted, so that the one seen is a front's
 * @param peer the destination
 * @param port its port
 * @param connections how many hellos of this process said the same
 */
record ClientHelloEvent(
    @Nullable String serverName,
    List<String> alpn,
    boolean ech,
    IpAddress peer,
    int port,
    long connections)
    implements ProbeEvent {

  @Override
  public String name() {
    return "sallyport.tls.client_hello";
  }

  @Override
  public void describe(AttributeSink sink) {
    if (serverName != null) {
      sink.put("tls.client.server_name", serverName);
    }
    sink.put("sallyport.tls.alpn", alpn);
    sink.put("sallyport.tls.ech", ech);
    sink.put(Attributes.PEER_ADDRESS, peer.text());
    sink.put(Attributes.PEER_PORT, port);
    sink.put(Attributes.CONNECTIONS, connections);
  }
}
