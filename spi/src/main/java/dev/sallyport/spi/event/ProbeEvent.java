package dev.sallyport.spi.event;

/**
 * Something that happened in a job, as a probe saw it.
 *
 * <p>Built-in and third-party events are equals: the host knows none by class. An event is
 * immutable and may be described more than once and from any thread. When it happened, and in which
 * process, step and job, is the host's to add; an event says only what is its own.
 */
public interface ProbeEvent {

  /**
   * {@return the event's name, such as {@code sallyport.network.connect}} Constant for a class of
   * events; becomes the OpenTelemetry {@code EventName}. Third parties use a prefix of their own.
   */
  String name();

  /** Writes the event's own attributes; called once for each consumer that wants them. */
  void describe(AttributeSink sink);

  /** {@return how grave the event is by itself} Most are {@link Severity#INFO}. */
  default Severity severity() {
    return Severity.INFO;
  }
}
