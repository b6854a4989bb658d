package org.example.signals;

import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.RecordLayout;
import dev.sallyport.spi.probe.RecordReader;

/** Makes an event of each record. Called on one thread; must not block. */
final class SignalDecoder implements EventDecoder {

  /** Should match: struct signal_sent in signals.h; the host compares the two before it loads. */
  static final RecordLayout LAYOUT =
      RecordLayout.struct("signal_sent")
          .header()
          .u32("number")
          .u32("target")
          .u8("same_job")
          .bytes("target_comm", 16)
          .bytes("reserved", 7)
          .build();

  // Looked up once: a decoder runs for every record.
  private static final int NUMBER = LAYOUT.offset("number");
  private static final int TARGET = LAYOUT.offset("target");
  private static final int SAME_JOB = LAYOUT.offset("same_job");
  private static final int TARGET_COMM = LAYOUT.offset("target_comm");
  private static final int COMM_LENGTH = 16;

  @Override
  public void decode(RecordReader record, EventSink sink) {
    if (record.length() != LAYOUT.size()) {
      sink.malformed("signals: record of another length");
      return;
    }
    sink.emit(
        new SignalEvent(
            record.i32(NUMBER),
            record.i32(TARGET),
            record.text(TARGET_COMM, COMM_LENGTH),
            record.u8(SAME_JOB) != 0));
  }
}
