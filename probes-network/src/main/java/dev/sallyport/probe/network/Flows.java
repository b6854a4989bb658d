package dev.sallyport.probe.network;

import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.RecordReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins the records of connections into one event for each process image and peer.
 *
 * <p>The kernel's records add up exactly: a contact opens, and one record of traffic closes it with
 * all that went through. What is lost in between is counted elsewhere and mends itself here: an
 * image's flows are given some time after its end, whatever is still open.
 */
final class Flows {

  static final int MOST_FLOWS = 16384;
  private static final int MOST_CONNECTIONS = 65536;

  private static final int COOKIE = Records.FLOW.offset("cookie");
  private static final int BYTES_OUT = Records.FLOW.offset("bytes_out");
  private static final int BYTES_IN = Records.FLOW.offset("bytes_in");
  private static final int PEER = Records.FLOW.offset("peer");
  private static final int LOCAL = Records.FLOW.offset("local");
  private static final int PEER_PORT = Records.FLOW.offset("peer_port");
  private static final int LOCAL_PORT = Records.FLOW.offset("local_port");
  private static final int PROTOCOL = Records.FLOW.offset("protocol");
  private static final int FAMILY = Records.FLOW.offset("family");
  private static final int FLAGS = Records.FLOW.offset("flags");
  private static final int ERROR = Records.FLOW.offset("error");

  private final Folds<Flow> flows;
  private final ResolvedNames names;
  private final LinkedHashMap<ConnectionKey, Connection> connections = new LinkedHashMap<>();

  Flows(int mostFlows, EndedImages ended, ResolvedNames names) {
    this.flows = new Folds<>(mostFlows, ended);
    this.names = names;
  }

  /** A socket and the peer it is at. */
  private record ConnectionKey(long cookie, int protocol, IpAddress peer, int port) {}

  /** What a socket has open, and where its bytes are to be added. */
  private static final class Connection {
    private Flow flow;
    private boolean established;

    Connection(Flow flow, boolean established) {
      this.flow = flow;
      this.established = established;
    }
  }

  void contact(RecordReader record, EventSink sink) {
    Flow flow = contacted(record, sink);
    boolean established = record.u16(PROTOCOL) != Transport.TCP; // the rest knows no handshake
    flow.connections++;
    if (established) {
      flow.open++;
    } else {
      flow.opening++;
    }
    remember(connectionKey(record), new Connection(flow, established));
  }

  void outcome(RecordReader record, EventSink sink) {
    ConnectionKey key = connectionKey(record);
    Connection connection = connections.get(key);
    if (connection == null || connection.established) {
      return; // its contact was lost, and counted so
    }
    Flow flow = live(connection, record, sink);
    flow.opening--;
    int error = record.i32(ERROR);
    if (error == 0) {
      connection.established = true;
      flow.open++;
      if (flow instanceof Flow.Contacted contacted) {
        contacted.established();
      }
      return;
    }
    connections.remove(key);
    if (flow instanceof Flow.Contacted contacted) {
      contacted.failed(error);
    }
    flows.happened(flow, sink);
  }

  void accept(RecordReader record, EventSink sink) {
    Flow flow = accepted(record, sink);
    flow.connections++;
    flow.open++;
    remember(connectionKey(record), new Connection(flow, true));
  }

  void traffic(RecordReader record, EventSink sink) {
    Connection connection = connections.remove(connectionKey(record));
    Flow flow;
    if (connection != null) {
      flow = live(connection, record, sink);
      close(connection);
    } else {
      flow = unannounced(record, sink);
    }
    flow.bytesSent += record.i64(BYTES_OUT);
    flow.bytesReceived += record.i64(BYTES_IN);
    flows.happened(flow, sink);
  }

  void listen(RecordReader record, EventSink sink) {
    IpAddress local = IpAddress.read(record, LOCAL, record.u8(FAMILY));
    sink.emit(new ListenEvent(local, record.u16(LOCAL_PORT)));
  }

  void imageEnded(long execId, EventSink sink) {
    flows.imageEnded(execId, sink);
  }

  void flush(boolean end, long nowNanos, EventSink sink) {
    flows.flush(end, nowNanos, sink);
  }

  /** {@return how many flows were told in parts, for want of room} */
  long givenEarly() {
    return flows.givenEarly();
  }

  private void remember(ConnectionKey key, Connection connection) {
    Connection before = connections.put(key, connection);
    if (before != null) {
      close(before); // its end was lost
    }
    if (connections.size() > MOST_CONNECTIONS) {
      Map.Entry<ConnectionKey, Connection> eldest = connections.pollFirstEntry();
      close(eldest.getValue());
    }
  }

  private static void close(Connection connection) {
    if (connection.established) {
      connection.flow.open--;
    } else {
      connection.flow.opening--;
    }
  }

  /** {@return the connection's flow, a new one when the event of the old went out already} */
  private Flow live(Connection connection, RecordReader record, EventSink sink) {
    Flow flow = connection.flow;
    if (!flow.given()) {
      return flow;
    }
    Flow next = flows.get(flow.key());
    if (next == null) {
      next = flow.next(record.origin());
      flows.add(next, sink);
    }
    if (connection.established) {
      next.open++;
    } else {
      next.opening++;
    }
    connection.flow = next;
    return next;
  }

  /** {@return the flow for traffic that no contact went before} */
  private Flow unannounced(RecordReader record, EventSink sink) {
    int flags = record.u8(FLAGS);
    if ((flags & Records.FLOW_CONTACTED) != 0) {
      return contacted(record, sink);
    }
    if ((flags & Records.FLOW_ACCEPTED) != 0) {
      return accepted(record, sink);
    }
    // Datagrams came and none went. A late answer, or a peer that spoke first.
    Flow known = flows.get(contactKey(record));
    if (known != null) {
      return known;
    }
    Flow flow = accepted(record, sink);
    flow.connections++;
    return flow;
  }

  private Flow contacted(RecordReader record, EventSink sink) {
    Flow.Contacted.ContactKey key = contactKey(record);
    Flow flow = flows.get(key);
    if (flow == null) {
      flow = new Flow.Contacted(key, record.origin());
      flows.add(flow, sink);
    }
    return flow;
  }

  private Flow accepted(RecordReader record, EventSink sink) {
    int family = record.u8(FAMILY);
    Flow.Accepted.AcceptKey key =
        new Flow.Accepted.AcceptKey(
            record.execId(),
            record.u16(PROTOCOL),
            record.u16(LOCAL_PORT),
            IpAddress.read(record, PEER, family));
    Flow flow = flows.get(key);
    if (flow == null) {
      flow = new Flow.Accepted(key, IpAddress.read(record, LOCAL, family), record.origin());
      flows.add(flow, sink);
    }
    return flow;
  }

  private Flow.Contacted.ContactKey contactKey(RecordReader record) {
    IpAddress peer = IpAddress.read(record, PEER, record.u8(FAMILY));
    @Nullable String name = names.of(record.jobId(), peer);
    return new Flow.Contacted.ContactKey(
        record.execId(), record.u16(PROTOCOL), peer, record.u16(PEER_PORT), name);
  }

  private static ConnectionKey connectionKey(RecordReader record) {
    return new ConnectionKey(
        record.i64(COOKIE),
        record.u16(PROTOCOL),
        IpAddress.read(record, PEER, record.u8(FAMILY)),
        record.u16(PEER_PORT));
  }
}
