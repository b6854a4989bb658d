package dev.sallyport.testkit;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.event.Severity;
import dev.sallyport.spi.probe.Origin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An event as a consumer sees it.
 *
 * @param probe id of the probe that gave it
 * @param name such as {@code org.example.signal.sent}
 * @param severity how grave it is by itself
 * @param attributes what it says of itself, in its order: String, Long, Boolean or List of String
 * @param origin when and on whose behalf; of an observed event without thread and cgroup, which are
 *     0
 * @param executable path of the program that did it; empty when unknown and in a decoder's bench
 */
public record SeenEvent(
    String probe,
    String name,
    Severity severity,
    Map<String, Object> attributes,
    Origin origin,
    String executable) {

  static SeenEvent of(String probe, ProbeEvent event, Origin origin, String executable) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    event.describe(new MapSink(attributes));
    return new SeenEvent(
        probe,
        event.name(),
        event.severity(),
        Collections.unmodifiableMap(attributes),
        origin,
        executable);
  }

  private record MapSink(Map<String, Object> attributes) implements AttributeSink {
    @Override
    public void put(String key, String value) {
      attributes.put(key, value);
    }

    @Override
    public void put(String key, long value) {
      attributes.put(key, value);
    }

    @Override
    public void put(String key, boolean value) {
      attributes.put(key, value);
    }

    @Override
    public void put(String key, List<String> value) {
      attributes.put(key, List.copyOf(value));
    }
  }
}
