package dev.sallyport.agent.kernel;

import com.sun.jna.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Reads a BPF ring buffer in place, from Java: no upcall, no copy.
 *
 * <p>The protocol is the kernel's (kernel/bpf/ringbuf.c): a page with the consumer's position,
 * which is ours to write; a page with the producers' position; then the data, mapped twice in a
 * row, so that a record never wraps. Each record has an eight-byte head whose first word is its
 * length with two flags: still being written, and discarded.
 *
 * <p>For one thread. Producers wake it only when enough has gathered (see {@code sp_wakeup_flags}
 * in sallyport.bpf.h), so {@link #await} has a time limit by which a lone record is seen.
 */
public final class RingReader implements AutoCloseable {

  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int HEAD = 8;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final RingPages pages;
  private final int size;
  private final MemorySegment consumer;
  private final MemorySegment producer;
  private final MemorySegment reader;
  private final MemorySegment data;
  private final Memory pollRequest = new Memory(8);
  private long position;

  /** Takes one record where it lies. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Called for each record; must not keep the segment.
     *
     * @param ring the ring's data
     * @param offset where in it the record begins
     * @param length its length in bytes
     */
    void handle(MemorySegment ring, long offset, int length);
  }

  /**
   * Maps a ring.
   *
   * @param ring the ring buffer map
   * @param readerState the map of one {@code struct sp_reader}
   * @param wakeThreshold how many waiting bytes are worth a wake-up
   */
  public RingReader(BpfMap ring, BpfMap readerState, int wakeThreshold) {
    this(RingPages.map(ring, readerState), ring.fd(), wakeThreshold);
  }

  /** Reads a ring that is mapped already; takes it over. */
  RingReader(RingPages pages, int fd, int wakeThreshold) {
    this.pages = pages;
    this.consumer = pages.consumer();
    this.producer = pages.producer();
    this.data = pages.data();
    this.reader = pages.reader();
    this.size = Math.toIntExact(data.byteSize() / 2);
    this.position = (long) LONG.getAcquire(consumer, 0L);
    INT.setRelease(reader, 4L, wakeThreshold);
    pollRequest.setInt(0, fd);
    pollRequest.setShort(4, Libc.POLLIN);
    pollRequest.setShort(6, (short) 0);
  }

  /** {@return the ring's size in bytes} */
  public int size() {
    return size;
  }

  /** {@return how many bytes wait to be read} Any thread. */
  public long waiting() {
    return (long) LONG.getAcquire(producer, 0L) - (long) LONG.getAcquire(consumer, 0L);
  }

  /**
   * Hands every record that is complete to the handler, at most {@code limit} of them. A record
   * still being written ends the pass, for order is kept. Room is given back to producers as it
   * goes.
   *
   * @return how many records were handed over
   */
  public int drain(Handler handler, int limit) {
    long end = (long) LONG.getAcquire(producer, 0L);
    long released = position;
    int mask = size - 1;
    int count = 0;
    while (position < end && count < limit) {
      long at = position & mask;
      int head = (int) INT.getAcquire(data, at);
      if ((head & BUSY) != 0) {
        break;
      }
      int length = head & ~(BUSY | DISCARDED);
      position += (length + HEAD + 7L) & ~7L;
      if ((head & DISCARDED) == 0) {
        handler.handle(data, at + HEAD, length);
        count++;
      }
      // Each release is a cache line that producers wait for: one per 64 KiB is often enough.
      if (position - released > 65536) {
        LONG.setRelease(consumer, 0L, position);
        released = position;
      }
    }
    LONG.setRelease(consumer, 0L, position);
    return count;
  }

  /** Waits until enough has gathered or the time is over. */
  public void await(int timeoutMillis) {
    INT.setVolatile(reader, 0L, 1);
    // A record that came between the last drain and the flag would wait for the time limit; look
    // once more, for the flag is visible to producers from here on.
    if (waiting() == 0) {
      Libc.poll(pollRequest, 1, timeoutMillis);
    }
    INT.setVolatile(reader, 0L, 0);
  }

  @Override
  public void close() {
    pages.release().run();
    pollRequest.close();
  }
}
