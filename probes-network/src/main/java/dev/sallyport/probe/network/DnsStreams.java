package dev.sallyport.probe.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DNS over TCP: cuts the streams of each connection into messages. */
final class DnsStreams {

  static final int MOST_CONNECTIONS = 256;
  private static final int MOST_BYTES = 128 * 1024;
  private static final int LENGTH_BYTES = 2;

  private final LinkedHashMap<Long, Connection> connections = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Connection {
    private final ByteStream out = new ByteStream(MOST_BYTES);
    private final ByteStream in = new ByteStream(MOST_BYTES);
  }

  /** Takes what a message is found in. */
  interface Messages {

    /** Gives a message's bytes; they are good until the call returns. */
    void message(byte[] bytes, int offset, int length);
  }

  /**
   * Adds a segment.
   *
   * @return null, or why the connection cannot be followed any further
   */
  @Nullable String add(
      long cookie, boolean incoming, long offset, byte[] segment, Messages messages) {
    Connection connection = connections.get(cookie);
    if (connection == null) {
      connection = new Connection();
      connections.put(cookie, connection);
      if (connections.size() > MOST_CONNECTIONS) {
        connections.pollFirstEntry();
      }
    }
    ByteStream stream = incoming ? connection.in : connection.out;
    if (!stream.add(offset, segment)) {
      return "dns: connection with a gap";
    }
    int at = 0;
    byte[] bytes = stream.array();
    while (stream.size() - at >= LENGTH_BYTES) {
      int length = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
      if (stream.size() - at - LENGTH_BYTES < length) {
        break;
      }
      messages.message(bytes, at + LENGTH_BYTES, length);
      at += LENGTH_BYTES + length;
    }
    stream.take(at);
    return null;
  }

  /** Forgets a connection: it was closed. */
  void closed(long cookie) {
    connections.remove(cookie);
  }

  /** {@return the connections that are followed} */
  Map<Long, ?> connections() {
    return connections;
  }
}
