package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * A process asked for a socket below or beside TCP and UDP.
 *
 * @param family the kernel's AF_ number
 * @param type the kernel's SOCK_ number
 * @param protocol an IP protocol; of packet sockets an Ethernet type
 */
record RawSocketEvent(int family, int type, int protocol) implements ProbeEvent {

  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int PACKET = 17;
  private static final int VSOCK = 40;

  @Override
  public String name() {
    return "sallyport.network.raw_socket";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put("sallyport.socket.family", familyName());
    sink.put("sallyport.socket.type", typeName());
    sink.put("sallyport.socket.protocol", protocolName());
  }

  private String familyName() {
    return switch (family) {
      case INET -> "inet";
      case INET6 -> "inet6";
      case PACKET -> "packet";
      case VSOCK -> "vsock";
      default -> Integer.toString(family);
    };
  }

  private String typeName() {
    return switch (type) {
      case 1 -> "stream";
      case 2 -> "dgram";
      case 3 -> "raw";
      case 5 -> "seqpacket";
      default -> Integer.toString(type);
    };
  }

  private String protocolName() {
    return switch (family) {
      case INET, INET6 -> protocol == 0 ? "ip" : Transport.name(protocol);
      case PACKET -> "0x%04x".formatted(protocol);
      default -> Integer.toString(protocol);
    };
  }
}
