package dev.sallyport.agent.report;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of the event at hand, read by name. One instance serves event after event, so that
 * the hot path allocates nothing for it. Reader thread only.
 */
final class Attributes implements AttributeSink {

  // Beyond these an event's further attributes, or a list's further items, are not looked at.
  private static final int MAX_ATTRIBUTES = 64;
  private static final int MAX_ITEMS = 64;

  private final int valueChars;
  private final String[] keys = new String[MAX_ATTRIBUTES];
  private final Object[] values = new Object[MAX_ATTRIBUTES];
  private int size;

  Attributes(int valueChars) {
    this.valueChars = valueChars;
  }

  /** Reads an event, in place of the one before. */
  void read(ProbeEvent event) {
    size = 0;
    event.describe(this);
  }

  /** Forgets all. */
  void clear() {
    size = 0;
  }

  @Override
  public void put(String key, String value) {
    add(key, value);
  }

  @Override
  public void put(String key, long value) {
    add(key, value);
  }

  @Override
  public void put(String key, boolean value) {
    add(key, value);
  }

  @Override
  public void put(String key, List<String> value) {
    add(key, value);
  }

  private void add(String key, Object value) {
    if (size < MAX_ATTRIBUTES) {
      keys[size] = key;
      values[size] = value;
      size++;
    }
  }

  /** {@return the attribute as text, cut to what is kept; null when the event has none} */
  @Nullable String text(String key) {
    Object value = find(key);
    if (value instanceof List<?> list) {
      return Texts.clip(Texts.join(list, MAX_ITEMS), valueChars);
    }
    return value == null ? null : Texts.clip(value.toString(), valueChars);
  }

  /** {@return the attribute as a number; the default when the event has none} */
  long number(String key, long absent) {
    return find(key) instanceof Long number ? number : absent;
  }

  /** {@return the attribute's items; a single text is a list of one} */
  List<String> list(String key) {
    Object value = find(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      return List.of(Texts.clip(value.toString(), valueChars));
    }
    List<String> items = new ArrayList<>();
    for (Object item : list.size() > MAX_ITEMS ? list.subList(0, MAX_ITEMS) : list) {
      items.add(Texts.clip(String.valueOf(item), valueChars));
    }
    if (list.size() > MAX_ITEMS) {
      items.add("… (" + (list.size() - MAX_ITEMS) + " more)");
    }
    return items;
  }

  /** {@return the names of those attributes that are true} */
  List<String> trueOnes() {
    List<String> names = new ArrayList<>(2);
    for (int i = 0; i < size; i++) {
      if (Boolean.TRUE.equals(values[i])) {
        names.add(keys[i]);
      }
    }
    return names;
  }

  /** {@return all of them as texts, each cut to a length, except those named} */
  Map<String, String> all(int chars, List<String> except) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      if (!except.contains(keys[i])) {
        Object value = values[i];
        String text =
            value instanceof List<?> list ? Texts.join(list, MAX_ITEMS) : value.toString();
        all.put(Texts.clip(keys[i], 200), Texts.clip(text, chars));
      }
    }
    return all;
  }

  private @Nullable Object find(String key) {
    for (int i = 0; i < size; i++) {
      if (keys[i].equals(key)) {
        return values[i];
      }
    }
    return null;
  }
}
