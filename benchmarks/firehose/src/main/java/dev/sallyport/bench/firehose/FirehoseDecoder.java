package dev.sallyport.bench.firehose;

import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.RecordReader;

/** Decodes a record as a real probe would: numbers, an address as text, a name. */
final class FirehoseDecoder implements EventDecoder {

  private static final int NUMBER = FirehoseProbe.LAYOUT.offset("number");
  private static final int ADDRESS = FirehoseProbe.LAYOUT.offset("address");
  private static final int PORT = FirehoseProbe.LAYOUT.offset("port");
  private static final int FAMILY = FirehoseProbe.LAYOUT.offset("family");
  private static final int NAME = FirehoseProbe.LAYOUT.offset("name");
  private static final int NAME_LENGTH = 16;

  private final Measurement measurement;

  FirehoseDecoder(Measurement measurement) {
    this.measurement = measurement;
  }

  @Override
  public void decode(RecordReader record, EventSink sink) {
    measurement.record();
    sink.emit(
        new FirehoseEvent(
            record.i64(NUMBER),
            address(record.i32(ADDRESS)),
            record.u16(PORT),
            record.u16(FAMILY),
            record.text(NAME, NAME_LENGTH)));
  }

  @Override
  public void flush(boolean end, EventSink sink) {
    if (end) {
      measurement.end();
    }
  }

  private static String address(int bytes) {
    return (bytes & 0xff)
        + "."
        + (bytes >> 8 & 0xff)
        + "."
        + (bytes >> 16 & 0xff)
        + "."
        + (bytes >>> 24);
  }
}
