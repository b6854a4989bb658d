package dev.sallyport.testkit;

import dev.sallyport.spi.probe.RecordHeader;
import dev.sallyport.spi.probe.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lays out the bytes of a record as a probe's C would: the head, then the fields of a {@link
 * RecordLayout}. What is not set is zero.
 */
public final class RecordBuilder {

  private final RecordLayout layout;
  private final ByteBuffer bytes;
  private int length;

  private RecordBuilder(RecordLayout layout) {
    this.layout = layout;
    this.bytes = ByteBuffer.allocate(layout.size()).order(ByteOrder.nativeOrder());
    this.length = layout.size();
  }

  /**
   * Begins a record of an event type.
   *
   * @param eventType the type's place in the descriptor's list, as in the C
   */
  public static RecordBuilder of(RecordLayout layout, int eventType) {
    return new RecordBuilder(layout).head("event", eventType);
  }

  /** Says on whose behalf the record is made. */
  public RecordBuilder process(long jobId, int stepId, long execId, int pid) {
    return head("job_id", jobId)
        .head("step_id", stepId)
        .head("exec_id", execId)
        .head("tgid", pid)
        .head("tid", pid);
  }

  /** Says when the kernel made it, by its boot-time clock. */
  public RecordBuilder time(long nanos) {
    return head("time_ns", nanos);
  }

  /** Marks it as cut. */
  public RecordBuilder truncated() {
    return head("flags", RecordHeader.TRUNCATED);
  }

  /** Sets a number of one, two, four or eight bytes, in the machine's byte order. */
  public RecordBuilder set(String field, long value) {
    return set(layout.offset(field), size(layout, field), value);
  }

  /** Sets the bytes of a field from its start on; the rest of it stays zero. */
  public RecordBuilder set(String field, byte[] value) {
    if (value.length > size(layout, field)) {
      throw new IllegalArgumentException(
          "%d bytes for field %s, %d fit".formatted(value.length, field, size(layout, field)));
    }
    bytes.put(layout.offset(field), value);
    return this;
  }

  /** Sets a field to a text in UTF-8. */
  public RecordBuilder set(String field, String value) {
    return set(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Cuts the record to a length, as a record with a variable part at its end is cut. */
  public RecordBuilder length(int newLength) {
    if (newLength < RecordHeader.SIZE || newLength > layout.size()) {
      throw new IllegalArgumentException(
          "length %d: expected %d to %d".formatted(newLength, RecordHeader.SIZE, layout.size()));
    }
    length = newLength;
    return this;
  }

  /** {@return the record's bytes} */
  public byte[] build() {
    return Arrays.copyOf(bytes.array(), length);
  }

  private RecordBuilder head(String field, long value) {
    return set(RecordHeader.LAYOUT.offset(field), size(RecordHeader.LAYOUT, field), value);
  }

  private RecordBuilder set(int offset, int size, long value) {
    switch (size) {
      case 1 -> bytes.put(offset, (byte) value);
      case 2 -> bytes.putShort(offset, (short) value);
      case 4 -> bytes.putInt(offset, (int) value);
      case 8 -> bytes.putLong(offset, value);
      default ->
          throw new IllegalArgumentException(
              "a field of %d bytes is no number: set its bytes".formatted(size));
    }
    return this;
  }

  private static int size(RecordLayout layout, String field) {
    int offset = layout.offset(field); // throws when there is none of that name
    for (RecordLayout.Field candidate : layout.fields()) {
      if (candidate.offset() == offset && candidate.name().equals(field)) {
        return candidate.size();
      }
    }
    throw new AssertionError(field);
  }
}
