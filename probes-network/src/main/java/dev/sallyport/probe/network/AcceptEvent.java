package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * A peer contacted a process: TCP connections that were made, or datagrams that came unasked.
 *
 * @param protocol the IP protocol's number
 * @param local the address that the peer used; of datagrams not known, and then zeros
 * @param localPort the port that the peer used
 * @param peer who it was
 * @param connections how often
 * @param bytesSent payload to the peer
 * @param bytesReceived payload from the peer
 */
record AcceptEvent(
    int protocol,
    IpAddress local,
    int localPort,
    IpAddress peer,
    long connections,
    long bytesSent,
    long bytesReceived)
    implements ProbeEvent {

  @Override
  public String name() {
    return "sallyport.network.accept";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put(Attributes.TRANSPORT, Transport.name(protocol));
    sink.put(Attributes.TYPE, peer.type());
    if (protocol == Transport.TCP) {
      sink.put(Attributes.LOCAL_ADDRESS, local.text());
    }
    sink.put(Attributes.LOCAL_PORT, localPort);
    sink.put(Attributes.PEER_ADDRESS, peer.text());
    sink.put(Attributes.CONNECTIONS, connections);
    sink.put(Attributes.BYTES_SENT, bytesSent);
    sink.put(Attributes.BYTES_RECEIVED, bytesReceived);
  }
}
