package dev.sallyport.probe.network;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the segments of one direction of a connection in order: what came twice counts once, what
 * came early waits.
 *
 * <p>Bounded in both: a stream that would need more is broken for good.
 */
final class ByteStream {

  /** What holding a segment costs besides its bytes, so that many small ones count too. */
  private static final int OVERHEAD = 64;

  private final int mostBytes;
  private byte[] bytes = new byte[0];
  private int size;
  private long next;
  private @Nullable TreeMap<Long, byte[]> early;
  private int earlyBytes;
  private boolean broken;

  /**
   * Begins a stream at offset 0.
   *
   * @param mostBytes how many bytes may wait, taken together
   */
  ByteStream(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Adds a segment.
   *
   * @param offset of its first byte in the stream, modulo 2³²
   * @return false when the stream is broken
   */
  boolean add(long offset, byte[] segment) {
    if (broken) {
      return false;
    }
    // The difference of two sequence numbers, as TCP reads it.
    long distance = (int) (offset - next);
    long at = next + distance;
    if (distance > 0) {
      return hold(at, segment);
    }
    append(at, segment);
    while (!broken && early != null && !early.isEmpty() && early.firstKey() <= next) {
      Map.Entry<Long, byte[]> first = early.pollFirstEntry();
      earlyBytes -= first.getValue().length + OVERHEAD;
      append(first.getKey(), first.getValue());
    }
    return !broken;
  }

  /** {@return how many bytes are in order and not yet taken} */
  int size() {
    return size;
  }

  /**
   * {@return the bytes in order; valid up to {@link #size}, until the next call that changes them}
   */
  byte[] array() {
    return bytes;
  }

  /** Drops bytes from the front: they were read. */
  void take(int count) {
    System.arraycopy(bytes, count, bytes, 0, size - count);
    size -= count;
  }

  private boolean hold(long at, byte[] segment) {
    if (earlyBytes + size + segment.length + OVERHEAD > mostBytes) {
      broken = true;
      return false;
    }
    if (early == null) {
      early = new TreeMap<>();
    }
    byte[] before = early.get(at);
    if (before == null || before.length < segment.length) {
      early.put(at, segment);
      earlyBytes += segment.length - (before == null ? -OVERHEAD : before.length);
    }
    return true;
  }

  private void append(long at, byte[] segment) {
    int skip = (int) (next - at);
    if (skip >= segment.length) {
      return;
    }
    int length = segment.length - skip;
    if (size + length > mostBytes) {
      broken = true;
      return;
    }
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.min(mostBytes, size * 2)));
    }
    System.arraycopy(segment, skip, bytes, size, length);
    size += length;
    next += length;
  }
}
