package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import org.jspecify.annotations.Nullable;

/**
 * A process image contacted a destination, once or often.
 *
 * @param protocol the IP protocol's number
 * @param peer the destination
 * @param port its port, 0 where the protocol has none
 * @param serverName the name that the job had learned the address by, null when it asked for none
 * @param connections connect calls of TCP; of the rest, sockets that sent to it, once for each time
 *     that they turned to it. 0 when the event only adds bytes to one that went before
 * @param bytesSent payload, without what was sent again
 * @param bytesReceived payload
 * @param result what came of it
 */
record ConnectEvent(
    int protocol,
    IpAddress peer,
    int port,
    @Nullable String serverName,
    long connections,
    long bytesSent,
    long bytesReceived,
    Result result)
    implements ProbeEvent {

  /** What came of the contacts; of several connections the first that applies to any, in order. */
  enum Result {
    /** Still open, so that its bytes are not in the totals. */
    OPEN,
    /** Made, and closed. */
    ESTABLISHED,
    /** Packets left; TCP: no answer yet, the rest: none is known. */
    SENT,
    /** The peer refused it. */
    REFUSED,
    /** It came to nothing: no route, no answer, given up. */
    FAILED;

    String text() {
      return switch (this) {
        case OPEN -> "open";
        case ESTABLISHED -> "established";
        case SENT -> "sent";
        case REFUSED -> "refused";
        case FAILED -> "failed";
      };
    }
  }

  @Override
  public String name() {
    return "sallyport.network.connect";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put(Attributes.TRANSPORT, Transport.name(protocol));
    sink.put(Attributes.TYPE, peer.type());
    sink.put(Attributes.PEER_ADDRESS, peer.text());
    sink.put(Attributes.PEER_PORT, port);
    if (serverName != null) {
      sink.put("server.address", serverName);
    }
    sink.put(Attributes.CONNECTIONS, connections);
    sink.put(Attributes.BYTES_SENT, bytesSent);
    sink.put(Attributes.BYTES_RECEIVED, bytesReceived);
    sink.put("sallyport.network.result", result.text());
  }
}
