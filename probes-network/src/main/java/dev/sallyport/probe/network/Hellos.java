package dev.sallyport.probe.network;

import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.RecordReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of ClientHellos together, and folds those that say the same. */
final class Hellos {

  static final int MOST_FOLDS = 8192;
  static final int MOST_PENDING = 512;
  static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final int MOST_BYTES = 16 * 1024 + 4096;
  private static final String UNFINISHED = "tls: hello never completed";

  private final Folds<HelloFold> folds;
  private final LinkedHashMap<Long, Pending> pending = new LinkedHashMap<>();

  Hellos(EndedImages ended) {
    this.folds = new Folds<>(MOST_FOLDS, ended);
  }

  private record Pending(ByteStream stream, Origin origin, long sinceNanos) {}

  private record Key(
      long execId,
      @Nullable String serverName,
      List<String> alpn,
      boolean ech,
      IpAddress peer,
      int port) {}

  private static final class HelloFold extends Fold {
    private final Key key;
    private long connections;

    HelloFold(Key key, Origin origin) {
      super(key, origin);
      this.key = key;
    }

    @Override
    boolean settled() {
      return true;
    }

    @Override
    ProbeEvent event() {
      return new ClientHelloEvent(
          key.serverName(), key.alpn(), key.ech(), key.peer(), key.port(), connections);
    }
  }

  /** Takes a piece of what may be a hello. */
  void piece(
      long cookie,
      long offset,
      byte[] bytes,
      IpAddress peer,
      int port,
      RecordReader record,
      long nowNanos,
      EventSink sink) {
    Pending hello = pending.get(cookie);
    if (hello == null || offset == 0) {
      if (offset != 0) {
        return; // the rest of one that is done, or whose beginning was lost and counted so
      }
      if (pending.size() >= MOST_PENDING) {
        pending.pollFirstEntry();
        sink.malformed(UNFINISHED);
      }
      hello = new Pending(new ByteStream(MOST_BYTES), record.origin(), nowNanos);
      pending.put(cookie, hello);
    }
    if (!hello.stream().add(offset, bytes)) {
      pending.remove(cookie);
      sink.malformed("tls: hello too long or with a gap");
      return;
    }
    switch (ClientHello.read(hello.stream().array(), hello.stream().size())) {
      case ClientHello.Outcome.Incomplete incomplete -> {}
      case ClientHello.Outcome.Other other -> pending.remove(cookie);
      case ClientHello.Outcome.Malformed malformed -> {
        pending.remove(cookie);
        sink.malformed(malformed.reason());
      }
      case ClientHello.Outcome.Complete complete -> {
        pending.remove(cookie);
        said(complete.hello(), hello.origin(), peer, port, sink);
      }
    }
  }

  private void said(ClientHello hello, Origin origin, IpAddress peer, int port, EventSink sink) {
    Key key = new Key(origin.execId(), hello.serverName(), hello.alpn(), hello.ech(), peer, port);
    HelloFold fold = folds.get(key);
    if (fold == null) {
      fold = new HelloFold(key, origin);
      folds.add(fold, sink);
    }
    fold.connections++;
    folds.happened(fold, sink);
  }

  void imageEnded(long execId, EventSink sink) {
    folds.imageEnded(execId, sink);
  }

  void flush(boolean end, long nowNanos, EventSink sink) {
    while (!pending.isEmpty()) {
      Map.Entry<Long, Pending> eldest = pending.firstEntry();
      if (!end && nowNanos - eldest.getValue().sinceNanos() < PATIENCE_NANOS) {
        break;
      }
      pending.pollFirstEntry();
      sink.malformed(UNFINISHED);
    }
    folds.flush(end, nowNanos, sink);
  }
}
