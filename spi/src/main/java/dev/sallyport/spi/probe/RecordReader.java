package dev.sallyport.spi.probe;

/**
 * Reads one record where it lies in the ring. Offsets count from the record's start, head included,
 * as in the C struct; take them from a {@link RecordLayout}.
 *
 * <p>Every read is checked against the record's length.
 *
 * @implSpec reads outside the record throw {@link IndexOutOfBoundsException}
 */
public interface RecordReader {

  /** {@return the record's event type: its place in {@link ProbeDescriptor#eventTypes()}} */
  int eventType();

  /** {@return the record's length in bytes, head included} */
  int length();

  /** {@return whether the kernel marked the record as cut} */
  boolean truncated();

  /** {@return the kernel's boot-time clock when the record was made, in nanoseconds} */
  long timeNanos();

  /** {@return the job} */
  long jobId();

  /** {@return the step within the job, 0 outside any} */
  int stepId();

  /** {@return the process image} */
  long execId();

  /** {@return the process id in the host's pid namespace} */
  int pid();

  /** {@return the head as a value to keep} Allocates. */
  Origin origin();

  /** {@return an unsigned byte} */
  int u8(int offset);

  /** {@return an unsigned 16-bit number in the machine's byte order} */
  int u16(int offset);

  /** {@return an unsigned 16-bit number in network byte order} */
  int u16be(int offset);

  /** {@return a 32-bit number in the machine's byte order} */
  int i32(int offset);

  /** {@return an unsigned 32-bit number in the machine's byte order} */
  long u32(int offset);

  /** {@return a 64-bit number in the machine's byte order} */
  long i64(int offset);

  /** {@return a copy of {@code length} bytes} */
  byte[] bytes(int offset, int length);

  /**
   * {@return the text of at most {@code length} bytes up to the first zero byte} Bytes that are not
   * UTF-8 become U+FFFD.
   */
  String text(int offset, int length);
}
