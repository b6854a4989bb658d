package dev.sallyport.testkit.lab;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as people write them. */
final class Addresses {
  private Addresses() {}

  /** {@code 192.0.2.1:443} or {@code [2001:db8::1]:443}. */
  static String shown(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      InetAddress ip = inet.getAddress();
      String text =
          ip instanceof Inet6Address v6 ? "[" + compressed(v6) + "]" : ip.getHostAddress();
      return text + ":" + inet.getPort();
    }
    return address.toString();
  }

  /** An address from its text; the text is one of the lab's own, never a name. */
  static InetAddress parse(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new AssertionError(text, e);
    }
  }

  /** The form of RFC 5952: the longest run of zero groups becomes "::". */
  private static String compressed(Inet6Address address) {
    byte[] bytes = address.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < 8; start++) {
      int end = start;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - start > bestLength) {
        bestStart = start;
        bestLength = end - start;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        out.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
        out.append(':');
      }
      out.append(Integer.toHexString(groups[i]));
    }
    return out.toString();
  }
}
