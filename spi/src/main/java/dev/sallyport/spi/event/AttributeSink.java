package dev.sallyport.spi.event;

import java.util.List;

/**
 * Takes an event's attributes, in the order in which they are given.
 *
 * <p>Keys are OpenTelemetry semantic conventions where one exists, else names under the event's own
 * prefix; pass constants, for sinks cache by key. Values that a job controls are passed as they
 * are: whoever shows them escapes them. Not for use after {@link ProbeEvent#describe} has returned.
 */
public interface AttributeSink {

  /** Adds a text. */
  void put(String key, String value);

  /** Adds a whole number. */
  void put(String key, long value);

  /** Adds a truth value. */
  void put(String key, boolean value);

  /** Adds a list of texts; the list must not change afterwards. */
  void put(String key, List<String> value);
}
