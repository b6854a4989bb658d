package dev.sallyport.spi.probe;

/**
 * Turns a probe's records into events.
 *
 * <p>Every method is called on the host's reader thread, records in the order in which the kernel
 * wrote them; nothing here may block. A decoder that throws has a bug: the host detaches the probe
 * and reports the gap, and the agent goes on without it.
 */
public interface EventDecoder extends AutoCloseable {

  /**
   * Decodes one record.
   *
   * @param record the record in place in the ring; not for use after the call has returned
   * @param sink takes the events that the record gives: none, one or more
   */
  void decode(RecordReader record, EventSink sink);

  /**
   * Tells that a process image ended, by exit or by exec of another, so that what was gathered for
   * it can be given as events. Records that the kernel wrote on its behalf may still follow, for
   * its sockets outlive it.
   *
   * @param execId the image's id as in {@link Origin#execId()}
   */
  default void processEnded(long execId, EventSink sink) {}

  /**
   * Lets the decoder give what it has gathered. Called about once a second with {@code end} false,
   * and once with {@code end} true when the job is over and no further record of it will come.
   */
  default void flush(boolean end, EventSink sink) {}

  /** Called once, after the last other call. */
  @Override
  default void close() {}
}
