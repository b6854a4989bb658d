package dev.sallyport.spi.probe;

import dev.sallyport.spi.event.ProbeEvent;

/** Takes what a decoder finds. Not for use after the call that it was passed to has returned. */
public interface EventSink {

  /** Gives an event of the record at hand. Only within {@link EventDecoder#decode}. */
  void emit(ProbeEvent event);

  /** Gives an event of an earlier record, whose origin the decoder kept. */
  void emit(Origin origin, ProbeEvent event);

  /**
   * Reports a record that does not hold what it should: bytes that a job controls may be anything.
   * It is counted, and shown by probe and reason.
   *
   * @param reason a constant, such as {@code "dns: name runs past the message"}: never bytes of the
   *     record
   */
  void malformed(String reason);
}
