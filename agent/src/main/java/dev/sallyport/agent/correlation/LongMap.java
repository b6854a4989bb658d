package dev.sallyport.agent.correlation;

import org.jspecify.annotations.Nullable;

/**
 * A map from longs that boxes nothing: open addressing, linear probing, removal by moving back.
 *
 * <p>Key 0 is reserved for empty places. Not thread-safe.
 */
public final class LongMap<V> {

  private long[] keys = new long[64];
  private @Nullable Object[] values = new @Nullable Object[64];
  private int size;

  /** Makes an empty map. */
  public LongMap() {}

  /** {@return how many keys it has} */
  public int size() {
    return size;
  }

  /** {@return the value of a key, null when absent} */
  @SuppressWarnings("unchecked") // only put() writes, and it takes V
  public @Nullable V get(long key) {
    return (V) values[find(key)];
  }

  /** Sets the value of a key, which is not 0. */
  public void put(long key, V value) {
    if (key == 0) {
      throw new IllegalArgumentException("key 0 is reserved");
    }
    int at = find(key);
    if (keys[at] == 0) {
      if (++size * 2 > keys.length) {
        grow();
        at = find(key);
      }
      keys[at] = key;
    }
    values[at] = value;
  }

  /** Removes a key, there or not. {@return its value, null when it was absent} */
  @SuppressWarnings("unchecked") // only put() writes, and it takes V
  public @Nullable V remove(long key) {
    int at = find(key);
    if (keys[at] == 0) {
      return null;
    }
    V removed = (V) values[at];
    size--;
    int mask = keys.length - 1;
    int hole = at;
    for (int next = (hole + 1) & mask; keys[next] != 0; next = (next + 1) & mask) {
      int home = home(keys[next]);
      // An entry may move back into the hole unless that is before its home place.
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        values[hole] = values[next];
        hole = next;
      }
    }
    keys[hole] = 0;
    values[hole] = null;
    return removed;
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int at = home(key);
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new @Nullable Object[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
