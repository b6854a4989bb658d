package dev.sallyport.probe.network;

import dev.sallyport.spi.probe.RecordReader;

/**
 * An IP address as a value.
 *
 * @param v6 whether it is IPv6
 * @param high the upper half of an IPv6 address, else 0
 * @param low the lower half of an IPv6 address, or an IPv4 address
 */
record IpAddress(boolean v6, long high, long low) {

  private static final int GROUPS = 8;

  static IpAddress v4(byte[] bytes, int offset) {
    return new IpAddress(false, 0, number(bytes, offset, 4));
  }

  static IpAddress v6(byte[] bytes, int offset) {
    return new IpAddress(true, number(bytes, offset, 8), number(bytes, offset + 8, 8));
  }

  /** {@return the address that lies in a record as {@code union net_address}} */
  static IpAddress read(RecordReader record, int offset, int family) {
    return family == Records.FAMILY_IPV6
        ? v6(record.bytes(offset, 16), 0)
        : v4(record.bytes(offset, 4), 0);
  }

  /** {@return {@code ipv4} or {@code ipv6}} */
  String type() {
    return v6 ? "ipv6" : "ipv4";
  }

  /** {@return the address as people write it; IPv6 in the form of RFC 5952} */
  String text() {
    if (!v6) {
      return "%d.%d.%d.%d"
          .formatted(low >>> 24 & 0xff, low >>> 16 & 0xff, low >>> 8 & 0xff, low & 0xff);
    }
    int zeros = longestZeros();
    int zerosEnd = zeros < 0 ? -1 : zeros + zeroRun(zeros);
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == zeros) {
        text.append("::");
        i = zerosEnd - 1;
        continue;
      }
      if (i > 0 && i != zerosEnd) {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text();
  }

  /** {@return where the first of the longest runs of at least two zero groups begins, or -1} */
  private int longestZeros() {
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zeroRun(i);
      if (length > bestLength) {
        best = i;
        bestLength = length;
      }
    }
    return best;
  }

  private int zeroRun(int from) {
    int end = from;
    while (end < GROUPS && group(end) == 0) {
      end++;
    }
    return end - from;
  }

  private int group(int index) {
    long half = index < 4 ? high : low;
    return (int) (half >>> ((3 - index % 4) * 16)) & 0xffff;
  }

  private static long number(byte[] bytes, int offset, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | (bytes[offset + i] & 0xff);
    }
    return number;
  }
}
