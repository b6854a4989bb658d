package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A decoder at work: records in, events out, a clock that stands until it is moved. */
final class Decoding implements EventSink {

  final List<ProbeEvent> events = new ArrayList<>();
  final List<Origin> origins = new ArrayList<>();
  final List<String> malformed = new ArrayList<>();

  private long nanoTime = 1_000_000_000_000L;
  private final NetworkDecoder decoder = new NetworkDecoder(() -> nanoTime);
  private TestRecord current = TestRecord.opened(0, 0, 0);

  Decoding take(TestRecord... records) {
    for (TestRecord record : records) {
      current = record;
      decoder.decode(record, this);
    }
    return this;
  }

  Decoding ended(long execId) {
    decoder.processEnded(execId, this);
    return this;
  }

  Decoding after(long seconds) {
    nanoTime += seconds * 1_000_000_000L;
    decoder.flush(false, this);
    return this;
  }

  Decoding end() {
    decoder.flush(true, this);
    return this;
  }

  /** {@return the events' attributes, the event's name under {@code name}} */
  List<Map<String, Object>> described() {
    return events.stream().map(Decoding::describe).toList();
  }

  static Map<String, Object> describe(ProbeEvent event) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("name", event.name());
    event.describe(
        new AttributeSink() {
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
            attributes.put(key, value);
          }
        });
    return attributes;
  }

  @Override
  public void emit(ProbeEvent event) {
    emit(current.origin(), event);
  }

  @Override
  public void emit(Origin origin, ProbeEvent event) {
    events.add(event);
    origins.add(origin);
  }

  @Override
  public void malformed(String reason) {
    malformed.add(reason);
  }
}
