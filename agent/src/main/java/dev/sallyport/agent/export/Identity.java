package dev.sallyport.agent.export;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Attributes that many records share: of a job, a step or a process image. Made once, written into
 * each record as they are.
 */
final class Identity {

  /** Nothing is known. */
  static final Identity EMPTY = new Builder(0).build();

  private final AttributeKey<?>[] keys;
  private final Object[] values;
  private final int size;
  private final int characters;

  private Identity(AttributeKey<?>[] keys, Object[] values, int size, int characters) {
    this.keys = keys;
    this.values = values;
    this.size = size;
    this.characters = characters;
  }

  int size() {
    return size;
  }

  /** {@return about how much it adds to a request, in characters} */
  int characters() {
    return characters;
  }

  void forEach(BiConsumer<? super AttributeKey<?>, ? super Object> consumer) {
    for (int i = 0; i < size; i++) {
      consumer.accept(keys[i], values[i]);
    }
  }

  /** Collects attributes; nulls are left out. */
  static final class Builder {
    private final AttributeKey<?>[] keys;
    private final Object[] values;
    private int size;
    private int characters;

    Builder(int capacity) {
      keys = new AttributeKey<?>[capacity];
      values = new Object[capacity];
    }

    Builder put(AttributeKey<String> key, String value) {
      String bounded = Limits.text(value);
      return add(key, bounded, bounded.length());
    }

    Builder put(AttributeKey<Long> key, long value) {
      return add(key, value, Long.BYTES);
    }

    Builder put(AttributeKey<List<String>> key, List<String> value) {
      List<String> bounded = Limits.texts(value);
      return add(key, bounded, Limits.characters(bounded));
    }

    Identity build() {
      return new Identity(keys, values, size, characters);
    }

    private Builder add(AttributeKey<?> key, Object value, int valueCharacters) {
      keys[size] = key;
      values[size++] = value;
      characters += key.getKey().length() + valueCharacters + Limits.ATTRIBUTE_OVERHEAD;
      return this;
    }
  }
}
