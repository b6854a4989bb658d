package dev.sallyport.probe.network;

import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.Origin;
import org.jspecify.annotations.Nullable;

/** What went between one process image and one peer, over however many connections. */
abstract sealed class Flow extends Fold {

  long connections;
  long bytesSent;
  long bytesReceived;
  int opening;
  int open;

  private Flow(Object key, Origin origin) {
    super(key, origin);
  }

  @Override
  final boolean settled() {
    return opening == 0 && open == 0;
  }

  /** A continued flow, whose first part was given, has nothing to tell until bytes come. */
  final boolean empty() {
    return connections == 0 && bytesSent == 0 && bytesReceived == 0;
  }

  /** {@return a flow of the same key for what comes after this one was given} */
  abstract Flow next(Origin origin);

  /** The process contacted the peer. */
  static final class Contacted extends Flow {

    /** Which contacts are told as one. */
    record ContactKey(
        long execId, int protocol, IpAddress peer, int port, @Nullable String serverName) {}

    private static final int CONNECTION_REFUSED = 111;

    private final ContactKey key;
    private boolean established;
    private boolean refused;

    Contacted(ContactKey key, Origin origin) {
      super(key, origin);
      this.key = key;
    }

    /** Notes a connection that came to nothing. */
    void failed(int error) {
      refused |= error == CONNECTION_REFUSED;
    }

    void established() {
      established = true;
    }

    @Override
    Flow next(Origin origin) {
      return new Contacted(key, origin);
    }

    @Override
    @Nullable ProbeEvent event() {
      return empty()
          ? null
          : new ConnectEvent(
              key.protocol(),
              key.peer(),
              key.port(),
              key.serverName(),
              connections,
              bytesSent,
              bytesReceived,
              result());
    }

    private ConnectEvent.Result result() {
      if (key.protocol() != Transport.TCP) {
        return ConnectEvent.Result.SENT;
      }
      if (open > 0) {
        return ConnectEvent.Result.OPEN;
      }
      if (established || connections == 0) {
        return ConnectEvent.Result.ESTABLISHED;
      }
      if (opening > 0) {
        return ConnectEvent.Result.SENT;
      }
      return refused ? ConnectEvent.Result.REFUSED : ConnectEvent.Result.FAILED;
    }
  }

  /** The peer contacted the process. */
  static final class Accepted extends Flow {

    /** Which contacts are told as one. */
    record AcceptKey(long execId, int protocol, int localPort, IpAddress peer) {}

    private final AcceptKey key;
    private final IpAddress local;

    Accepted(AcceptKey key, IpAddress local, Origin origin) {
      super(key, origin);
      this.key = key;
      this.local = local;
    }

    @Override
    Flow next(Origin origin) {
      return new Accepted(key, local, origin);
    }

    @Override
    @Nullable ProbeEvent event() {
      return empty()
          ? null
          : new AcceptEvent(
              key.protocol(),
              local,
              key.localPort(),
              key.peer(),
              connections,
              bytesSent,
              bytesReceived);
    }
  }
}
