package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a job sent to, grouped by name (or address), port and transport, with the TLS server names
 * that it asked for there. Written by the reader thread.
 */
final class SeenDestinations {

  private static final int MAX_NAMES = 16;
  private static final int MAX_RESULTS = 8;

  private final Limits limits;
  private final Map<Key, Destination> destinations = new LinkedHashMap<>();
  // Ties a TLS hello to its connection: either may be seen first.
  private final Map<Peer, PeerState> peers = new HashMap<>();
  private final Tally verdicts = new Tally(MAX_RESULTS);
  private long connections;
  private long leftOut;

  SeenDestinations(Limits limits) {
    this.limits = limits;
  }

  /** Takes a connection, or a summary of several: counts and bytes of all events are added up. */
  void connected(ObservedEvent event, Attributes attributes, SeenProcesses.@Nullable Image image) {
    String address = attributes.text("network.peer.address");
    String name = attributes.text("server.address");
    int port = (int) attributes.number("network.peer.port", 0);
    long count = Math.max(1, attributes.number("sallyport.network.connections", 1));
    String verdict = attributes.text("sallyport.verdict");
    connections += count;
    if (verdict != null) {
      verdicts.add(verdict, count);
    }
    Destination destination =
        destination(name, address, port, attributes.text("network.transport"), event);
    if (destination == null) {
      leftOut += count;
      return;
    }
    destination.seen(event, image, count);
    destination.sent += Math.max(0, attributes.number("sallyport.network.bytes_sent", 0));
    destination.received += Math.max(0, attributes.number("sallyport.network.bytes_received", 0));
    if (address != null) {
      destination.addresses.add(address, count);
    }
    if (verdict != null) {
      destination.verdicts.add(verdict, count);
    }
    String rule = attributes.text("sallyport.policy.rule");
    if (rule != null) {
      destination.rules.add(rule, count);
    }
    String result = attributes.text("sallyport.network.result");
    if (result != null) {
      destination.results.add(result, count);
    }
    PeerState peer = address == null ? null : peer(event, address, port);
    if (peer != null) {
      peer.destination = destination;
      if (peer.hello != null) {
        peer.hello.moveTo(destination);
        peer.hello = null;
      }
    }
  }

  /** Takes a TLS ClientHello. */
  void greeted(ObservedEvent event, Attributes attributes, SeenProcesses.@Nullable Image image) {
    String address = attributes.text("network.peer.address");
    String serverName = attributes.text("tls.client.server_name");
    int port = (int) attributes.number("network.peer.port", 0);
    List<String> alpn = attributes.list("sallyport.tls.alpn");
    PeerState peer = address == null ? null : peer(event, address, port);
    if (peer != null && peer.destination != null) {
      peer.destination.greet(serverName, alpn);
      return;
    }
    if (peer != null) {
      // The connection may be told of when it ends, long after its first bytes.
      if (peer.hello == null) {
        peer.hello = new Hello(event, image, address == null ? "" : address, port);
      }
      peer.hello.serverNames.add(serverName == null ? "" : serverName, 1);
      alpn.forEach(protocol -> peer.alpn(protocol));
      return;
    }
    Destination destination = destination(serverName, address, port, "tcp", event);
    if (destination == null) {
      leftOut++;
    } else {
      destination.seen(event, image, 0);
      destination.greet(serverName, alpn);
    }
  }

  /** Makes a destination of every TLS hello whose connection was never told of. After the end. */
  void settle() {
    for (PeerState peer : peers.values()) {
      Hello hello = peer.hello;
      if (hello != null) {
        peer.hello = null;
        String name = hello.serverNames.counts().keySet().iterator().next();
        Destination destination =
            destination(
                name.isEmpty() ? null : name, hello.address, hello.port, "tcp", hello.event);
        if (destination == null) {
          leftOut++;
        } else {
          destination.seen(hello.event, hello.image, 0);
          destination.addresses.add(hello.address, 1);
          hello.moveTo(destination);
        }
      }
    }
  }

  private @Nullable Destination destination(
      @Nullable String name,
      @Nullable String address,
      int port,
      @Nullable String transport,
      ObservedEvent event) {
    boolean named = name != null && !name.isEmpty();
    String shown = name != null && named ? name.toLowerCase(Locale.ROOT) : address;
    Key key = new Key(shown == null ? "unknown" : shown, port, transport == null ? "" : transport);
    Destination known = destinations.get(key);
    if (known != null) {
      return known;
    }
    if (destinations.size() >= limits.destinations()) {
      return null;
    }
    Destination destination = new Destination(key, named, event.timeUnixNanos());
    destinations.put(key, destination);
    return destination;
  }

  private @Nullable PeerState peer(ObservedEvent event, String address, int port) {
    Peer key = new Peer(event.process() == null ? 0 : event.process().execId(), address, port);
    PeerState known = peers.get(key);
    if (known == null && peers.size() < limits.processes()) {
      known = new PeerState();
      peers.put(key, known);
    }
    return known;
  }

  Iterable<Destination> all() {
    return destinations.values();
  }

  int size() {
    return destinations.size();
  }

  /** {@return connections to kept and to further destinations} */
  long connections() {
    return connections;
  }

  /** {@return connections by verdict} */
  Map<String, Long> verdicts() {
    return verdicts.counts();
  }

  /** {@return connections to destinations that are not kept} */
  long leftOut() {
    return leftOut;
  }

  /** What makes a destination one. */
  record Key(String name, int port, String transport) {}

  private record Peer(long execId, String address, int port) {}

  private static final class PeerState {
    @Nullable Destination destination;
    @Nullable Hello hello;

    void alpn(String protocol) {
      if (hello != null) {
        hello.alpn.add(protocol, 1);
      }
    }
  }

  /** TLS hellos that wait for their connection. */
  private static final class Hello {
    final ObservedEvent event;
    final SeenProcesses.@Nullable Image image;
    final String address;
    final int port;
    final Tally serverNames = new Tally(MAX_NAMES);
    final Tally alpn = new Tally(MAX_RESULTS);

    Hello(ObservedEvent event, SeenProcesses.@Nullable Image image, String address, int port) {
      this.event = event;
      this.image = image;
      this.address = address;
      this.port = port;
    }

    void moveTo(Destination destination) {
      serverNames.counts().forEach(destination::greeted);
      alpn.counts().forEach(destination.alpn::add);
    }
  }

  /** One destination and what went on with it. */
  static final class Destination {
    final Key key;

    /** Whether its key is a name rather than an address. */
    final boolean named;

    final Tally addresses = new Tally(MAX_NAMES);
    final Tally serverNames = new Tally(MAX_NAMES);
    final Tally alpn = new Tally(MAX_RESULTS);
    final Tally verdicts = new Tally(MAX_RESULTS);
    final Tally rules = new Tally(MAX_RESULTS);
    final Tally results = new Tally(MAX_RESULTS);
    final Actors actors = new Actors();
    long connections;
    long processes;
    long sent;
    long received;
    long hellosWithoutName;
    long firstNanos;
    long lastNanos;

    private Destination(Key key, boolean named, long nanos) {
      this.key = key;
      this.named = named;
      this.firstNanos = nanos;
      this.lastNanos = nanos;
    }

    private void seen(ObservedEvent event, SeenProcesses.@Nullable Image image, long count) {
      connections += count;
      actors.add(event);
      if (image != null && image.contacted(this)) {
        processes++;
      }
      firstNanos = Math.min(firstNanos, event.timeUnixNanos());
      lastNanos = Math.max(lastNanos, event.timeUnixNanos());
    }

    private void greet(@Nullable String serverName, List<String> protocols) {
      greeted(serverName == null ? "" : serverName, 1);
      for (String protocol : protocols) {
        alpn.add(protocol, 1);
      }
    }

    private void greeted(String serverName, long count) {
      if (serverName.isEmpty()) {
        hellosWithoutName += count;
      } else {
        serverNames.add(serverName, count);
      }
    }
  }
}
