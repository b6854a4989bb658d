package dev.sallyport.spi.probe;

import org.jspecify.annotations.Nullable;

/**
 * A BPF map of a probe. Keys and values are the bytes of the C structs, in the machine's byte
 * order.
 *
 * <p>For set-up and for reading now and then, not per event: each call is a system call.
 * Thread-safe as the kernel's maps are.
 */
public interface ProbeMap {

  /** {@return the value, or null when the key is absent} Of a per-CPU map: all CPUs' values. */
  byte @Nullable [] get(byte[] key);

  /** Sets the value of a key, new or not. */
  void put(byte[] key, byte[] value);

  /** Removes a key. {@return whether it was there} */
  boolean remove(byte[] key);

  /** {@return the key after {@code key}, the first for null; null after the last} */
  byte @Nullable [] nextKey(byte @Nullable [] key);
}
