package dev.sallyport.probe.network;

import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.RecordReader;
import java.util.function.LongSupplier;

/** Hands each record to what gathers its kind. */
final class NetworkDecoder implements EventDecoder {

  private static final int COOKIE = Records.BYTES.offset("cookie");
  private static final int PEER = Records.BYTES.offset("peer");
  private static final int OFFSET = Records.BYTES.offset("offset");
  private static final int LENGTH = Records.BYTES.offset("length");
  private static final int PEER_PORT = Records.BYTES.offset("peer_port");
  private static final int FAMILY = Records.BYTES.offset("family");
  private static final int DIRECTION = Records.BYTES.offset("direction");
  private static final int BYTES = Records.BYTES.size();

  private static final int FLOW_COOKIE = Records.FLOW.offset("cookie");

  private static final int OPENED_FAMILY = Records.OPENED.offset("family");
  private static final int OPENED_TYPE = Records.OPENED.offset("type");
  private static final int OPENED_PROTOCOL = Records.OPENED.offset("protocol");

  private static final int MOST_ADDRESSES = 4096;

  private final LongSupplier nanoTime;
  private final EndedImages ended = new EndedImages();
  private final ResolvedNames names = new ResolvedNames(MOST_ADDRESSES);
  private final Flows flows = new Flows(Flows.MOST_FLOWS, ended, names);
  private final DnsTransactions transactions = new DnsTransactions(names);
  private final DnsStreams streams = new DnsStreams();
  private final Hellos hellos = new Hellos(ended);

  /**
   * Makes a decoder.
   *
   * @param nanoTime a clock that only differences are taken of, in nanoseconds
   */
  NetworkDecoder(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void decode(RecordReader record, EventSink sink) {
    switch (record.eventType()) {
      case Records.CONTACT -> flows.contact(record, sink);
      case Records.OUTCOME -> flows.outcome(record, sink);
      case Records.TRAFFIC -> {
        streams.closed(record.i64(FLOW_COOKIE));
        flows.traffic(record, sink);
      }
      case Records.LISTEN -> flows.listen(record, sink);
      case Records.ACCEPT -> flows.accept(record, sink);
      case Records.SOCKET ->
          sink.emit(
              new RawSocketEvent(
                  record.i32(OPENED_FAMILY), record.i32(OPENED_TYPE), record.i32(OPENED_PROTOCOL)));
      case Records.DNS -> datagram(record, sink);
      case Records.DNS_TCP -> segment(record, sink);
      case Records.HELLO ->
          hellos.piece(
              record.i64(COOKIE),
              record.u32(OFFSET),
              payload(record),
              peer(record),
              record.u16(PEER_PORT),
              record,
              nanoTime.getAsLong(),
              sink);
      default -> sink.malformed("network: unknown record type");
    }
  }

  @Override
  public void processEnded(long execId, EventSink sink) {
    ended.add(execId, nanoTime.getAsLong());
    transactions.imageEnded(execId, sink);
    hellos.imageEnded(execId, sink);
    flows.imageEnded(execId, sink);
  }

  @Override
  public void flush(boolean end, EventSink sink) {
    long now = nanoTime.getAsLong();
    transactions.flush(end, now, sink);
    hellos.flush(end, now, sink);
    flows.flush(end, now, sink);
  }

  private void datagram(RecordReader record, EventSink sink) {
    byte[] bytes = payload(record);
    message(bytes, 0, bytes.length, Transport.UDP, record, sink);
  }

  private void segment(RecordReader record, EventSink sink) {
    String problem =
        streams.add(
            record.i64(COOKIE),
            isIncoming(record),
            record.u32(OFFSET),
            payload(record),
            (bytes, offset, length) -> message(bytes, offset, length, Transport.TCP, record, sink));
    if (problem != null) {
      sink.malformed(problem);
    }
  }

  private void message(
      byte[] bytes, int offset, int length, int protocol, RecordReader record, EventSink sink) {
    DnsReader reader = new DnsReader(bytes, offset, length);
    DnsMessage message = DnsMessage.read(reader);
    String problem = reader.problem();
    if (problem != null) {
      sink.malformed(record.truncated() ? "dns: message longer than is read" : problem);
    }
    if (message != null) {
      transactions.message(
          new DnsTransactions.Exchange(
              record.i64(COOKIE), protocol, peer(record), record.u16(PEER_PORT)),
          message,
          isIncoming(record),
          record,
          nanoTime.getAsLong(),
          sink);
    }
  }

  private static byte[] payload(RecordReader record) {
    return record.bytes(BYTES, record.i32(LENGTH));
  }

  private static IpAddress peer(RecordReader record) {
    return IpAddress.read(record, PEER, record.u8(FAMILY));
  }

  private static boolean isIncoming(RecordReader record) {
    return record.u8(DIRECTION) == Records.DIRECTION_IN;
  }
}
