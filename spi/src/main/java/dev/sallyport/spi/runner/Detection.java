package dev.sallyport.spi.runner;

import java.util.function.Supplier;

/** What an adapter found when it looked at the host, with the reason: people ask why. */
public sealed interface Detection {

  /** {@return why, in a sentence} */
  String reason();

  /** The host is of another kind. */
  record NotApplicable(String reason) implements Detection {}

  /**
   * The host is of the adapter's kind. The highest confidence wins; a tie is refused.
   *
   * @param confidence 1 to 100
   * @param open makes the adapter
   */
  record Detected(int confidence, String reason, Supplier<RunnerAdapter> open)
      implements Detection {}

  /**
   * The host is of the adapter's kind, and something is wrong with it.
   *
   * @param remedy what a person can do
   */
  record Broken(String reason, String remedy) implements Detection {}
}
