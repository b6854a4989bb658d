package dev.sallyport.probe.network;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A record's data as text, much as a zone file has it. */
final class DnsData {

  private static final int MOST_TEXT = 512;
  private static final int MOST_HEX_BYTES = 64;
  private static final int MOST_PARAMETERS = 32;

  private DnsData() {}

  /** Reads {@code length} bytes of data, which the reader is narrowed to. {@return the text} */
  static String text(DnsReader reader, int type, int length) {
    return switch (type) {
      case DnsTypes.A -> address(reader, false);
      case DnsTypes.AAAA -> address(reader, true);
      case DnsTypes.CNAME, DnsTypes.NS, DnsTypes.PTR, DnsTypes.DNAME -> reader.name();
      case DnsTypes.MX -> reader.u16() + " " + reader.name();
      case DnsTypes.SRV ->
          reader.u16() + " " + reader.u16() + " " + reader.u16() + " " + reader.name();
      case DnsTypes.SOA -> soa(reader);
      case DnsTypes.TXT, DnsTypes.SPF -> strings(reader);
      case DnsTypes.CAA -> caa(reader);
      case DnsTypes.SVCB, DnsTypes.HTTPS -> service(reader);
      default -> "\\# " + length + " " + reader.hex(length, MOST_HEX_BYTES);
    };
  }

  private static String address(DnsReader reader, boolean v6) {
    @Nullable IpAddress address = reader.address(v6);
    return address == null ? "" : address.text();
  }

  private static String soa(DnsReader reader) {
    StringJoiner text = new StringJoiner(" ");
    text.add(reader.name()).add(reader.name());
    for (int i = 0; i < 5; i++) {
      text.add(Long.toString(reader.u32()));
    }
    return text.toString();
  }

  private static String strings(DnsReader reader) {
    StringBuilder text = new StringBuilder();
    while (reader.remaining() > 0) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      if (text.length() >= MOST_TEXT) {
        reader.skip(reader.remaining());
        return text.append('…').toString();
      }
      text.append('"').append(reader.escaped(reader.u8(), MOST_TEXT)).append('"');
    }
    return text.toString();
  }

  private static String caa(DnsReader reader) {
    int flags = reader.u8();
    String tag = reader.escaped(reader.u8(), MOST_TEXT);
    return flags + " " + tag + " \"" + reader.escaped(reader.remaining(), MOST_TEXT) + "\"";
  }

  /** RFC 9460. */
  private static String service(DnsReader reader) {
    StringBuilder text = new StringBuilder();
    text.append(reader.u16()).append(' ').append(reader.name());
    for (int i = 0; reader.remaining() > 0; i++) {
      if (i == MOST_PARAMETERS) {
        reader.skip(reader.remaining());
        return text.append(" …").toString();
      }
      int key = reader.u16();
      int length = reader.u16();
      int end = reader.narrow(length);
      text.append(' ').append(parameter(reader, key, length));
      reader.widen(end);
    }
    return text.toString();
  }

  private static String parameter(DnsReader reader, int key, int length) {
    return switch (key) {
      case 0 -> "mandatory=" + reader.hex(length, MOST_HEX_BYTES);
      case 1 -> "alpn=" + protocols(reader);
      case 2 -> "no-default-alpn";
      case 3 -> "port=" + reader.u16();
      case 4 -> "ipv4hint=" + hints(reader, false);
      case 5 -> "ech=" + reader.hex(length, MOST_HEX_BYTES);
      case 6 -> "ipv6hint=" + hints(reader, true);
      case 7 -> "dohpath=" + reader.escaped(length, MOST_TEXT);
      default -> "key" + key + "=" + reader.hex(length, MOST_HEX_BYTES);
    };
  }

  private static String protocols(DnsReader reader) {
    StringJoiner text = new StringJoiner(",");
    for (int i = 0; i < MOST_PARAMETERS && reader.remaining() > 0; i++) {
      text.add(reader.escaped(reader.u8(), MOST_TEXT));
    }
    return text.toString();
  }

  private static String hints(DnsReader reader, boolean v6) {
    StringJoiner text = new StringJoiner(",");
    for (int i = 0; i < MOST_PARAMETERS && reader.remaining() > 0; i++) {
      text.add(address(reader, v6));
    }
    return text.toString();
  }
}
