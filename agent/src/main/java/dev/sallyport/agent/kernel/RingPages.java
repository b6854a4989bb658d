package dev.sallyport.agent.kernel;

import com.sun.jna.Pointer;
import java.lang.foreign.MemorySegment;

/**
 * The memory of a ring buffer, shared with the kernel.
 *
 * @param consumer the page with the reader's position
 * @param producer the page with the producers' position
 * @param data the records; twice the ring's size, the second half being the first once more
 * @param reader one {@code struct sp_reader}
 * @param release unmaps it all
 */
@SuppressWarnings("restricted") // native memory is this package's business
record RingPages(
    MemorySegment consumer,
    MemorySegment producer,
    MemorySegment data,
    MemorySegment reader,
    Runnable release) {

  private static final long PAGE = Libc.getpagesize();

  /** Maps a ring buffer map and the map of one {@code struct sp_reader}. */
  static RingPages map(BpfMap ring, BpfMap readerState) {
    long dataLength = 2L * ring.maxEntries();
    int readWrite = Libc.PROT_READ | Libc.PROT_WRITE;
    Pointer consumer = map(PAGE, readWrite, ring.fd(), 0);
    Pointer producer = map(PAGE + dataLength, Libc.PROT_READ, ring.fd(), PAGE);
    Pointer reader = map(PAGE, readWrite, readerState.fd(), 0);
    return new RingPages(
        segment(consumer, PAGE),
        segment(producer, PAGE),
        segment(producer.share(PAGE), dataLength),
        segment(reader, PAGE),
        () -> {
          Libc.munmap(consumer, PAGE);
          Libc.munmap(producer, PAGE + dataLength);
          Libc.munmap(reader, PAGE);
        });
  }

  private static Pointer map(long length, int protection, int fd, long offset) {
    Pointer address = Libc.mmap(null, length, protection, Libc.MAP_SHARED, fd, offset);
    if (Pointer.nativeValue(address) == -1) {
      throw new IllegalStateException(
          "mapping %d bytes of a BPF map: %s".formatted(length, Libc.message(Libc.errno())));
    }
    return address;
  }

  private static MemorySegment segment(Pointer address, long length) {
    return MemorySegment.ofAddress(Pointer.nativeValue(address)).reinterpret(length);
  }
}
