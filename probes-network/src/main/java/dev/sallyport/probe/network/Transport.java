package dev.sallyport.probe.network;

/** Names of IP protocols, as {@code network.transport} gives them. */
final class Transport {

  static final int TCP = 6;
  static final int UDP = 17;

  private Transport() {}

  static String name(int protocol) {
    return switch (protocol) {
      case 1 -> "icmp";
      case 2 -> "igmp";
      case 4 -> "ipip";
      case TCP -> "tcp";
      case UDP -> "udp";
      case 33 -> "dccp";
      case 41 -> "ipv6";
      case 47 -> "gre";
      case 50 -> "esp";
      case 51 -> "ah";
      case 58 -> "ipv6-icmp";
      case 132 -> "sctp";
      case 136 -> "udplite";
      case 255 -> "raw";
      default -> "ip-" + protocol;
    };
  }
}
