package dev.sallyport.agent.pipeline;

import java.time.Duration;

/**
 * A sink of the pipeline: export, report, console.
 *
 * <p>{@link #accept} runs on the reader thread, in order, and must return at once: no I/O, no lock
 * that is held across I/O. What a consumer cannot take it drops and counts.
 */
public interface EventConsumer {

  /** Takes one event. */
  void accept(ObservedEvent event);

  /**
   * Ends the consumer: what it holds is written or sent, up to the deadline. Called once, after the
   * last event, not on the reader thread.
   */
  default void finish(Duration deadline) {}
}
