package dev.sallyport.probe.network;

import dev.sallyport.spi.probe.ProbeDescriptor.EventType;
import dev.sallyport.spi.probe.RecordLayout;
import java.util.List;

/** The structs of records.h, field by field. */
final class Records {

  static final int CONTACT = 0;
  static final int OUTCOME = 1;
  static final int TRAFFIC = 2;
  static final int LISTEN = 3;
  static final int ACCEPT = 4;
  static final int SOCKET = 5;
  static final int DNS = 6;
  static final int DNS_TCP = 7;
  static final int HELLO = 8;

  static final List<EventType> EVENT_TYPES =
      List.of(
          new EventType("contact"),
          new EventType("outcome"),
          new EventType("traffic"),
          new EventType("listen"),
          new EventType("accept"),
          new EventType("socket"),
          new EventType("dns"),
          new EventType("dns-tcp"),
          new EventType("hello"));

  static final List<String> FAULTS =
      List.of(
          "no memory for a socket's state",
          "a packet's bytes could not be read",
          "IPv6 extension headers too long",
          "a DNS connection carried more than is looked at",
          "a packet carried more than is looked at");

  static final RecordLayout FLOW =
      RecordLayout.struct("net_flow")
          .header()
          .u64("cookie")
          .u64("bytes_out")
          .u64("bytes_in")
          .u32("packets_out")
          .u32("packets_in")
          .bytes("peer", 16)
          .bytes("local", 16)
          .u16("peer_port")
          .u16("local_port")
          .u16("protocol")
          .u8("family")
          .u8("flags")
          .u32("error")
          .u32("reserved")
          .build();

  static final RecordLayout OPENED =
      RecordLayout.struct("net_opened")
          .header()
          .u32("family")
          .u32("type")
          .u32("protocol")
          .u32("reserved")
          .build();

  /** The bytes themselves follow the struct. */
  static final RecordLayout BYTES =
      RecordLayout.struct("net_bytes")
          .header()
          .u64("cookie")
          .bytes("peer", 16)
          .u32("offset")
          .u32("length")
          .u32("whole")
          .u16("peer_port")
          .u8("family")
          .u8("direction")
          .build();

  static final List<RecordLayout> LAYOUTS = List.of(FLOW, OPENED, BYTES);

  static final int FLOW_CONTACTED = 1;
  static final int FLOW_ACCEPTED = 2;

  static final int FAMILY_IPV6 = 6;
  static final int DIRECTION_IN = 1;

  private Records() {}
}
