package dev.sallyport.probe.network;

import org.jspecify.annotations.Nullable;

/**
 * A cursor over a DNS message's bytes, which may be anything.
 *
 * <p>The first read past the end, or of what cannot be, makes the cursor failed: it says why, and
 * every later read gives zeros and empty texts. So the readers above need not look after each step.
 */
final class DnsReader {

  private static final int MOST_NAME_BYTES = 255;
  private static final int POINTER = 0xc0;
  private static final String PAST_END = "dns: name runs past the message";
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final byte[] bytes;
  private final int start;
  private final int messageEnd;
  private int end;
  private int at;
  private @Nullable String problem;

  DnsReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.start = offset;
    this.at = offset;
    this.end = offset + length;
    this.messageEnd = end;
  }

  /** {@return what is wrong with the bytes, null while nothing is} */
  @Nullable String problem() {
    return problem;
  }

  boolean failed() {
    return problem != null;
  }

  /** {@return the position, counted from the message's first byte} */
  int position() {
    return at - start;
  }

  int remaining() {
    return failed() ? 0 : end - at;
  }

  /**
   * {@return the end, to be given back to {@link #widen}; from now on {@code length} bytes remain}
   */
  int narrow(int length) {
    int before = end;
    if (length > remaining()) {
      fail("dns: record runs past the message");
      return before;
    }
    end = at + length;
    return before;
  }

  /** Goes to the end of what was narrowed, and makes the rest readable again. */
  void widen(int before) {
    if (!failed()) {
      at = end;
    }
    end = before;
  }

  int u8() {
    if (remaining() < 1) {
      fail("dns: message ends early");
      return 0;
    }
    return bytes[at++] & 0xff;
  }

  int u16() {
    return u8() << 8 | u8();
  }

  long u32() {
    return (long) u16() << 16 | u16();
  }

  void skip(int count) {
    if (count > remaining()) {
      fail("dns: record runs past the message");
      return;
    }
    at += count;
  }

  /** {@return an address of 4 or 16 bytes, null when they are not there} */
  @Nullable IpAddress address(boolean v6) {
    int length = v6 ? 16 : 4;
    if (remaining() < length) {
      fail("dns: address of another length than its type");
      return null;
    }
    IpAddress address = v6 ? IpAddress.v6(bytes, at) : IpAddress.v4(bytes, at);
    at += length;
    return address;
  }

  /**
   * {@return a name in lower case without its final dot, {@code .} for the root}
   *
   * <p>A pointer leads only backwards, before the stretch that it ends, so that no chain of
   * pointers goes round.
   */
  String name() {
    StringBuilder name = new StringBuilder(32);
    int cursor = at;
    int stretch = at;
    int limit = end;
    int total = 1;
    while (!failed()) {
      if (cursor >= limit) {
        fail(PAST_END);
        break;
      }
      int length = bytes[cursor] & 0xff;
      if ((length & POINTER) == POINTER) {
        if (cursor + 1 >= limit) {
          fail(PAST_END);
          break;
        }
        int target = start + ((length & 0x3f) << 8 | (bytes[cursor + 1] & 0xff));
        if (target >= stretch) {
          fail("dns: name points forward or at itself");
          break;
        }
        at = Math.max(at, cursor + 2); // only the first stretch lies where the cursor is
        cursor = target;
        stretch = target;
        limit = messageEnd;
        continue;
      }
      if ((length & POINTER) != 0) {
        fail("dns: label of an unknown kind");
        break;
      }
      if (length == 0) {
        at = Math.max(at, cursor + 1);
        return name.isEmpty() ? "." : name.toString();
      }
      total += length + 1;
      if (total > MOST_NAME_BYTES) {
        fail("dns: name longer than 255 bytes");
        break;
      }
      if (cursor + 1 + length > limit) {
        fail(PAST_END);
        break;
      }
      if (!name.isEmpty()) {
        name.append('.');
      }
      appendLabel(name, cursor + 1, length);
      cursor += length + 1;
    }
    return "";
  }

  /** Steps over a name without following it. */
  void skipName() {
    while (!failed()) {
      int length = u8();
      if (length == 0) {
        return;
      }
      if ((length & POINTER) == POINTER) {
        u8();
        return;
      }
      if ((length & POINTER) != 0) {
        fail("dns: label of an unknown kind");
        return;
      }
      skip(length);
    }
  }

  /** {@return {@code length} bytes as text, what is not printable as {@code \DDD}} */
  String escaped(int length, int most) {
    if (length > remaining()) {
      fail("dns: text runs past the record");
      return "";
    }
    StringBuilder text = new StringBuilder(Math.min(length, most) + 2);
    for (int i = 0; i < length && text.length() < most; i++) {
      int value = bytes[at + i] & 0xff;
      if (value < 0x20 || value > 0x7e || value == '"' || value == '\\') {
        appendDecimal(text, value);
      } else {
        text.append((char) value);
      }
    }
    if (length > most) {
      text.append('…');
    }
    at += length;
    return text.toString();
  }

  /** {@return {@code length} bytes in hexadecimal, cut after {@code most} of them} */
  String hex(int length, int most) {
    if (length > remaining()) {
      fail("dns: data runs past the record");
      return "";
    }
    StringBuilder text = new StringBuilder(2 * Math.min(length, most) + 1);
    for (int i = 0; i < Math.min(length, most); i++) {
      int value = bytes[at + i] & 0xff;
      text.append(HEX[value >> 4]).append(HEX[value & 0xf]);
    }
    if (length > most) {
      text.append('…');
    }
    at += length;
    return text.toString();
  }

  void fail(String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  private void appendLabel(StringBuilder name, int from, int length) {
    for (int i = from; i < from + length; i++) {
      int value = bytes[i] & 0xff;
      if (value >= 'A' && value <= 'Z') {
        name.append((char) (value + 32));
      } else if (value <= 0x20 || value > 0x7e || value == '.' || value == '\\' || value == '"') {
        appendDecimal(name, value);
      } else {
        name.append((char) value);
      }
    }
  }

  private static void appendDecimal(StringBuilder text, int value) {
    text.append('\\')
        .append((char) ('0' + value / 100))
        .append((char) ('0' + value / 10 % 10))
        .append((char) ('0' + value % 10));
  }
}
