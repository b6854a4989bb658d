package dev.sallyport.agent.host;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.event.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a dropped-in plugin's event says, taken down while the plugin can still be held to account.
 *
 * <p>Consumers describe events later and on other threads, where a plugin that throws would take
 * the agent with it; its code never runs there. What it says is bounded.
 */
final class SettledEvent implements ProbeEvent {

  private static final int MAX_ATTRIBUTES = 64;
  private static final int MAX_NAME = 128;
  private static final int MAX_TEXT = 64 * 1024;
  private static final int MAX_LIST = 1024;

  private final String name;
  private final Severity severity;
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  /** Asks the event for all that it says; what its methods throw, this throws. */
  SettledEvent(ProbeEvent event) {
    this.name = named(event.name());
    this.severity = Objects.requireNonNull(event.severity(), "an event's severity is null");
    event.describe(new Notes());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Severity severity() {
    return severity;
  }

  @Override
  public void describe(AttributeSink sink) {
    attributes.forEach((key, value) -> {
      switch (value) {
        case String text -> sink.put(key, text);
        case Long number -> sink.put(key, number.longValue());
        case Boolean truth -> sink.put(key, truth.booleanValue());
        case Texts texts -> sink.put(key, texts.values());
        default -> throw new IllegalStateException("not an attribute: " + value.getClass());
      }
    });
  }

  @Override
  public String toString() {
    return name + attributes;
  }

  private static String named(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "an event's name or key has %d characters, expected 1 to %d"
              .formatted(name.length(), MAX_NAME));
    }
    return name;
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  private record Texts(List<String> values) {}

  private final class Notes implements AttributeSink {
    @Override
    public void put(String key, String value) {
      note(key, cut(value));
    }

    @Override
    public void put(String key, long value) {
      note(key, value);
    }

    @Override
    public void put(String key, boolean value) {
      note(key, value);
    }

    @Override
    public void put(String key, List<String> value) {
      List<String> texts = new ArrayList<>();
      for (String text : value) {
        if (texts.size() == MAX_LIST) {
          break;
        }
        texts.add(cut(text));
      }
      note(key, new Texts(List.copyOf(texts)));
    }

    private void note(String key, Object value) {
      if (attributes.size() == MAX_ATTRIBUTES) {
        throw new IllegalArgumentException(
            "an event has more than %d attributes".formatted(MAX_ATTRIBUTES));
      }
      attributes.put(named(key), value);
    }
  }
}
