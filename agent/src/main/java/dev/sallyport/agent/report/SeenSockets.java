package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job opened besides ordinary connections: listening sockets, connections accepted on them,
 * raw and packet sockets. Written by the reader thread.
 */
final class SeenSockets {

  private final Group listening;
  private final Group accepted;
  private final Group raw;

  SeenSockets(Limits limits) {
    listening = new Group(limits.sockets());
    accepted = new Group(limits.sockets());
    raw = new Group(limits.sockets());
  }

  void listened(ObservedEvent event, Attributes attributes) {
    listening.add(
        event,
        new Key(
            transport(attributes),
            endpoint(attributes, "network.local.address", "network.local.port"),
            ""));
  }

  void accepted(ObservedEvent event, Attributes attributes) {
    accepted.add(
        event,
        new Key(
            transport(attributes),
            endpoint(attributes, "network.local.address", "network.local.port"),
            text(attributes, "network.peer.address")));
  }

  void openedRaw(ObservedEvent event, Attributes attributes) {
    raw.add(
        event,
        new Key(
            text(attributes, "sallyport.socket.family"),
            text(attributes, "sallyport.socket.type"),
            text(attributes, "sallyport.socket.protocol")));
  }

  /** {@return an address and port as people write them} */
  static String endpoint(@Nullable String address, long port) {
    if (address == null) {
      return "port " + port;
    }
    return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
  }

  private static String endpoint(Attributes attributes, String address, String port) {
    return endpoint(attributes.text(address), attributes.number(port, 0));
  }

  private static String transport(Attributes attributes) {
    String transport = attributes.text("network.transport");
    return transport == null ? "tcp" : transport;
  }

  private static String text(Attributes attributes, String key) {
    String text = attributes.text(key);
    return text == null ? "" : text;
  }

  Group listening() {
    return listening;
  }

  Group accepted() {
    return accepted;
  }

  Group raw() {
    return raw;
  }

  /** Three texts that make a socket one with others of its kind: see the methods that add. */
  record Key(String first, String second, String third) {}

  /** Sockets of one kind. */
  static final class Group {
    private final int max;
    private final Map<Key, Socket> sockets = new LinkedHashMap<>();
    private long count;
    private long leftOut;

    private Group(int max) {
      this.max = max;
    }

    private void add(ObservedEvent event, Key key) {
      count++;
      Socket socket = sockets.get(key);
      if (socket == null) {
        if (sockets.size() >= max) {
          leftOut++;
          return;
        }
        socket = new Socket(event.timeUnixNanos());
        sockets.put(key, socket);
      }
      socket.count++;
      socket.actors.add(event);
    }

    Map<Key, Socket> sockets() {
      return sockets;
    }

    long count() {
      return count;
    }

    long leftOut() {
      return leftOut;
    }
  }

  /** One kept socket. */
  static final class Socket {
    final long firstNanos;
    final Actors actors = new Actors();
    long count;

    private Socket(long firstNanos) {
      this.firstNanos = firstNanos;
    }
  }
}
