package dev.sallyport.agent.host;

import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.RecordHeader;
import dev.sallyport.spi.probe.RecordLayout;
import dev.sallyport.spi.probe.RecordReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The record at hand, read where it lies in the ring. One instance serves all records in turn. For
 * one thread.
 */
public final class RingRecord implements RecordReader {

  private static final RecordLayout HEAD = RecordHeader.LAYOUT;
  private static final int TIME = HEAD.offset("time_ns");
  private static final int SEQUENCE = HEAD.offset("sequence");
  private static final int JOB = HEAD.offset("job_id");
  private static final int EXEC = HEAD.offset("exec_id");
  private static final int CGROUP = HEAD.offset("cgroup_id");
  private static final int STEP = HEAD.offset("step_id");
  private static final int TGID = HEAD.offset("tgid");
  private static final int TID = HEAD.offset("tid");
  private static final int PROBE = HEAD.offset("probe");
  private static final int EVENT = HEAD.offset("event");
  private static final int CPU = HEAD.offset("cpu");
  private static final int FLAGS = HEAD.offset("flags");

  private static final ValueLayout.OfShort BIG_ENDIAN_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private MemorySegment ring = MemorySegment.NULL;
  private long start;
  private int length;

  /** Makes one that points at no record: every read is out of bounds. */
  public RingRecord() {}

  /**
   * Points it at another record.
   *
   * @param newRing what the record lies in; must stay valid while it is read
   * @param newStart where in it the record begins, in bytes
   * @param newLength the record's length in bytes
   */
  public void at(MemorySegment newRing, long newStart, int newLength) {
    ring = newRing;
    start = newStart;
    length = newLength;
  }

  int probe() {
    return u16(PROBE);
  }

  int cpu() {
    return u16(CPU);
  }

  long sequence() {
    return i64(SEQUENCE);
  }

  @Override
  public int eventType() {
    return u16(EVENT);
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public boolean truncated() {
    return (u16(FLAGS) & RecordHeader.TRUNCATED) != 0;
  }

  @Override
  public long timeNanos() {
    return i64(TIME);
  }

  @Override
  public long jobId() {
    return i64(JOB);
  }

  @Override
  public int stepId() {
    return i32(STEP);
  }

  @Override
  public long execId() {
    return i64(EXEC);
  }

  @Override
  public int pid() {
    return i32(TGID);
  }

  @Override
  public Origin origin() {
    return new Origin(timeNanos(), jobId(), stepId(), execId(), pid(), i32(TID), i64(CGROUP));
  }

  @Override
  public int u8(int offset) {
    return ring.get(ValueLayout.JAVA_BYTE, place(offset, 1)) & 0xff;
  }

  @Override
  public int u16(int offset) {
    return ring.get(ValueLayout.JAVA_SHORT_UNALIGNED, place(offset, 2)) & 0xffff;
  }

  @Override
  public int u16be(int offset) {
    return ring.get(BIG_ENDIAN_SHORT, place(offset, 2)) & 0xffff;
  }

  @Override
  public int i32(int offset) {
    return ring.get(ValueLayout.JAVA_INT_UNALIGNED, place(offset, 4));
  }

  @Override
  public long u32(int offset) {
    return i32(offset) & 0xffffffffL;
  }

  @Override
  public long i64(int offset) {
    return ring.get(ValueLayout.JAVA_LONG_UNALIGNED, place(offset, 8));
  }

  @Override
  public byte[] bytes(int offset, int count) {
    long from = place(offset, count); // before the allocation: the count may come from a job
    byte[] copy = new byte[count];
    MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, from, copy, 0, count);
    return copy;
  }

  @Override
  public String text(int offset, int count) {
    byte[] copy = bytes(offset, count);
    int end = 0;
    while (end < count && copy[end] != 0) {
      end++;
    }
    return new String(copy, 0, end, StandardCharsets.UTF_8);
  }

  private long place(int offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    return start + offset;
  }
}
