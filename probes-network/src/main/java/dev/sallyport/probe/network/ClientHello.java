package dev.sallyport.probe.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TLS ClientHello, as far as it is of interest. GREASE values are left out.
 *
 * @param serverName the name in the clear, in lower case, escaped; null when there is none
 * @param alpn the protocols offered
 * @param ech whether there is an encrypted hello, or something that looks like one on purpose
 * @param versions the TLS versions offered, such as {@code 0x0304}
 */
record ClientHello(
    @Nullable String serverName, List<String> alpn, boolean ech, List<Integer> versions) {

  private static final int HANDSHAKE = 0x16;
  private static final int CLIENT_HELLO = 1;
  private static final int RECORD_HEAD = 5;
  private static final int MESSAGE_HEAD = 4;
  private static final int MOST_RECORD = 16384 + 256;
  private static final int MOST_LIST = 32;

  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;

  /** What bytes turned out to be. */
  sealed interface Outcome {

    /** A hello. */
    record Complete(ClientHello hello) implements Outcome {}

    /** The beginning of one, as far as one can tell. */
    record Incomplete() implements Outcome {}

    /** No TLS. */
    record Other() implements Outcome {}

    /** TLS that is broken. */
    record Malformed(String reason) implements Outcome {}
  }

  /** Reads the beginning of a connection. Bytes may be anything. */
  static Outcome read(byte[] bytes, int length) {
    byte[] message = new byte[length];
    int have = 0;
    int want = Integer.MAX_VALUE;
    int at = 0;
    while (at < length && have < want) {
      if (bytes[at] != HANDSHAKE || (at + 1 < length && bytes[at + 1] != 3)) {
        return at == 0
            ? new Outcome.Other()
            : new Outcome.Malformed("tls: hello broken off by another record");
      }
      if (length - at < RECORD_HEAD) {
        return new Outcome.Incomplete();
      }
      int record = (bytes[at + 3] & 0xff) << 8 | (bytes[at + 4] & 0xff);
      if (record == 0 || record > MOST_RECORD) {
        return new Outcome.Malformed("tls: record of an impossible length");
      }
      at += RECORD_HEAD;
      int part = Math.min(record, length - at);
      System.arraycopy(bytes, at, message, have, part);
      have += part;
      at += part;
      if (have > 0 && message[0] != CLIENT_HELLO) {
        return new Outcome.Other();
      }
      if (have >= MESSAGE_HEAD) {
        want = MESSAGE_HEAD + ((message[1] & 0xff) << 16 | u16(message, 2));
      }
    }
    return have < want ? new Outcome.Incomplete() : parse(new Cursor(message, MESSAGE_HEAD, want));
  }

  private static Outcome parse(Cursor cursor) {
    cursor.skip(2 + 32); // legacy version, random
    cursor.skip(cursor.u8()); // session
    cursor.skip(cursor.u16()); // cipher suites
    cursor.skip(cursor.u8()); // compression
    String serverName = null;
    List<String> alpn = new ArrayList<>();
    List<Integer> versions = new ArrayList<>();
    boolean ech = false;
    if (cursor.left() > 0) {
      Cursor extensions = cursor.part(cursor.u16());
      while (extensions.left() > 0) {
        int type = extensions.u16();
        Cursor data = extensions.part(extensions.u16());
        switch (type) {
          case SERVER_NAME -> serverName = readServerName(data);
          case ALPN -> readAlpn(data, alpn);
          case SUPPORTED_VERSIONS -> readVersions(data, versions);
          case ENCRYPTED_CLIENT_HELLO -> ech = true;
          default -> {}
        }
        if (data.failed()) {
          return new Outcome.Malformed("tls: extension runs past its end");
        }
      }
      if (extensions.failed()) {
        return new Outcome.Malformed("tls: extensions run past the hello");
      }
    }
    if (cursor.failed()) {
      return new Outcome.Malformed("tls: hello shorter than its fields");
    }
    return new Outcome.Complete(
        new ClientHello(serverName, List.copyOf(alpn), ech, List.copyOf(versions)));
  }

  private static @Nullable String readServerName(Cursor data) {
    if (data.left() == 0) {
      return null;
    }
    Cursor list = data.part(data.u16());
    while (list.left() > 0) {
      int kind = list.u8();
      String name = list.text(list.u16(), true);
      if (list.failed()) {
        data.fail();
        return null;
      }
      if (kind == 0) {
        return name;
      }
    }
    return null;
  }

  private static void readAlpn(Cursor data, List<String> alpn) {
    Cursor list = data.part(data.u16());
    while (list.left() > 0 && alpn.size() < MOST_LIST) {
      int length = list.u8();
      if (length == 2 && list.left() >= 2 && isGrease(list.peek16())) {
        list.skip(2);
        continue;
      }
      alpn.add(list.text(length, false));
    }
    if (list.failed()) {
      data.fail();
    }
  }

  private static void readVersions(Cursor data, List<Integer> versions) {
    Cursor list = data.part(data.u8());
    while (list.left() > 0 && versions.size() < MOST_LIST) {
      int version = list.u16();
      if (!isGrease(version)) {
        versions.add(version);
      }
    }
    if (list.failed()) {
      data.fail();
    }
  }

  /** RFC 8701: both bytes the same, each ending in a. */
  private static boolean isGrease(int value) {
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  /** Reads within bounds; past them it gives zeros, and says that it did. */
  private static final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;
    private boolean failed;

    Cursor(byte[] bytes, int at, int end) {
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    boolean failed() {
      return failed;
    }

    void fail() {
      failed = true;
    }

    int left() {
      return failed ? 0 : end - at;
    }

    int u8() {
      if (left() < 1) {
        failed = true;
        return 0;
      }
      return bytes[at++] & 0xff;
    }

    int u16() {
      return u8() << 8 | u8();
    }

    int peek16() {
      return ClientHello.u16(bytes, at);
    }

    void skip(int count) {
      if (count > left()) {
        failed = true;
        return;
      }
      at += count;
    }

    Cursor part(int length) {
      if (length > left()) {
        failed = true;
        return new Cursor(bytes, at, at);
      }
      Cursor part = new Cursor(bytes, at, at + length);
      at += length;
      return part;
    }

    /** Text as it is; what is not printable ASCII, and the backslash, as {@code \DDD}. */
    String text(int length, boolean lower) {
      if (length > left()) {
        failed = true;
        return "";
      }
      String raw = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
      at += length;
      StringBuilder text = new StringBuilder(length);
      for (int i = 0; i < raw.length(); i++) {
        char c = raw.charAt(i);
        if (c <= ' ' || c > '~' || c == '\\' || c == '"') {
          text.append("\\%03d".formatted((int) c));
        } else {
          text.append(lower && c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
      }
      return text.toString();
    }
  }
}
