package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** Counts events by probe and name. Thread-safe. */
final class EventCounts {

  // Names are constants of a class; a plugin that makes them up must not fill the heap.
  private static final int MAX_NAMES = 1024;
  private static final String OTHER = "*";

  private final Map<String, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();

  void add(ObservedEvent event) {
    Map<String, LongAdder> names = counts.get(event.probe());
    if (names == null) {
      names = counts.computeIfAbsent(event.probe(), probe -> new ConcurrentHashMap<>());
    }
    String name = event.event().name();
    LongAdder count = names.get(name);
    if (count == null) {
      String kept = names.size() < MAX_NAMES ? name : OTHER;
      count = names.computeIfAbsent(kept, key -> new LongAdder());
    }
    count.increment();
  }

  void forEach(Visitor visitor) {
    counts.forEach(
        (probe, names) -> names.forEach((name, count) -> visitor.visit(probe, name, count.sum())));
  }

  /** Takes one count. */
  interface Visitor {
    void visit(String probe, String event, long count);
  }

  /** Counts by one text, such as a verdict. Thread-safe. */
  static final class ByText {
    private static final int MAX_TEXTS = 64;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(String text) {
      LongAdder count = counts.get(text);
      if (count == null) {
        count =
            counts.computeIfAbsent(
                counts.size() < MAX_TEXTS ? text : OTHER, key -> new LongAdder());
      }
      count.increment();
    }

    void forEach(BiConsumer<String, Long> visitor) {
      counts.forEach((text, count) -> visitor.accept(text, count.sum()));
    }
  }
}
