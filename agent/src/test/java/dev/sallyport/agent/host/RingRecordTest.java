package dev.sallyport.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.spi.probe.RecordHeader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies around a record in the ring belongs to other records: nothing of it may be read. */
class RingRecordTest {

  private static final int START = 128;
  private static final int LENGTH = RecordHeader.SIZE + 16;

  private final ByteBuffer ring =
      ByteBuffer.allocate(START + LENGTH + 128).order(ByteOrder.nativeOrder());
  private final RingRecord record = new RingRecord();

  RingRecordTest() {
    record.at(MemorySegment.ofArray(ring.array()), START, LENGTH);
  }

  @Test
  void readsTheHead() {
    put("time_ns", 11L);
    put("job_id", Long.MIN_VALUE);
    put("exec_id", -2L);
    put("cgroup_id", 13L);
    ring.putInt(START + RecordHeader.LAYOUT.offset("step_id"), 14);
    ring.putInt(START + RecordHeader.LAYOUT.offset("tgid"), 15);
    ring.putInt(START + RecordHeader.LAYOUT.offset("tid"), 16);
    ring.putShort(START + RecordHeader.LAYOUT.offset("event"), (short) 65535);
    ring.putShort(START + RecordHeader.LAYOUT.offset("flags"), (short) RecordHeader.TRUNCATED);

    assertThat(record.timeNanos()).isEqualTo(11);
    assertThat(record.jobId()).isEqualTo(Long.MIN_VALUE);
    assertThat(record.execId()).isEqualTo(-2);
    assertThat(record.stepId()).isEqualTo(14);
    assertThat(record.pid()).isEqualTo(15);
    assertThat(record.eventType()).isEqualTo(65535);
    assertThat(record.truncated()).isTrue();
    assertThat(record.origin().cgroupId()).isEqualTo(13);
    assertThat(record.origin().tid()).isEqualTo(16);
  }

  @Test
  void readsNumbersWithoutSign() {
    ring.putLong(START + RecordHeader.SIZE, -1);

    assertThat(record.u8(RecordHeader.SIZE)).isEqualTo(255);
    assertThat(record.u16(RecordHeader.SIZE)).isEqualTo(65535);
    assertThat(record.u32(RecordHeader.SIZE)).isEqualTo(4294967295L);
    assertThat(record.i32(RecordHeader.SIZE)).isEqualTo(-1);
    assertThat(record.i64(RecordHeader.SIZE)).isEqualTo(-1);
  }

  @Test
  void readsNetworkOrder() {
    ring.put(START + RecordHeader.SIZE, (byte) 0x01)
        .put(START + RecordHeader.SIZE + 1, (byte) 0xbb);

    assertThat(record.u16be(RecordHeader.SIZE)).isEqualTo(443);
  }

  @Test
  void textEndsAtAZeroByteOrWhereItMust() {
    ring.put(START + RecordHeader.SIZE, "abc\0def".getBytes(StandardCharsets.UTF_8));
    ring.put(START + RecordHeader.SIZE + 8, new byte[] {'x', (byte) 0xff, 'y'});

    assertThat(record.text(RecordHeader.SIZE, 7)).isEqualTo("abc");
    assertThat(record.text(RecordHeader.SIZE, 2)).isEqualTo("ab");
    assertThat(record.text(RecordHeader.SIZE + 8, 3)).isEqualTo("x\ufffdy");
    assertThat(record.text(RecordHeader.SIZE, 0)).isEmpty();
  }

  @Test
  void readsUpToTheLastByte() {
    assertThat(record.i64(LENGTH - 8)).isZero();
    assertThat(record.u8(LENGTH - 1)).isZero();
    assertThat(record.bytes(LENGTH - 16, 16)).hasSize(16);
    assertThat(record.bytes(LENGTH, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {LENGTH, LENGTH + 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void readsNothingOutside(int offset) {
    assertOutside(() -> record.u8(offset));
    assertOutside(() -> record.u16(offset));
    assertOutside(() -> record.u16be(offset));
    assertOutside(() -> record.i32(offset));
    assertOutside(() -> record.u32(offset));
    assertOutside(() -> record.i64(offset));
    assertOutside(() -> record.bytes(offset, 1));
    assertOutside(() -> record.text(offset, 1));
  }

  @Test
  void readsNothingThatBeginsInsideAndEndsOutside() {
    assertOutside(() -> record.u16(LENGTH - 1));
    assertOutside(() -> record.i32(LENGTH - 3));
    assertOutside(() -> record.i64(LENGTH - 7));
    assertOutside(() -> record.bytes(RecordHeader.SIZE, 17));
    assertOutside(() -> record.text(0, Integer.MAX_VALUE));
    assertOutside(() -> record.bytes(0, -1));
  }

  @Test
  void pointsAtNothingAtFirst() {
    assertOutside(() -> new RingRecord().u8(0));
  }

  private void put(String field, long value) {
    ring.putLong(START + RecordHeader.LAYOUT.offset(field), value);
  }

  private static void assertOutside(Runnable read) {
    assertThatThrownBy(read::run).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
