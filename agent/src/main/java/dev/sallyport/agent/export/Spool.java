package dev.sallyport.agent.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Requests on disk, oldest first, within a bound of bytes. Thread-safe; one directory has one spool
 * at a time.
 *
 * <p>A segment file holds frames: magic, state, records, length, CRC-32C, and the request as it
 * goes over the wire. A frame that was delivered has its state byte overwritten in place, so that
 * what a later run finds is what is still owed. A segment is deleted when nothing in it is owed;
 * when the bound is reached the oldest one goes, and what it still owed is counted. Nothing is
 * synced: the spool outlives the agent, not a power failure.
 *
 * <p>OpenTelemetry's own disk buffering (contrib 1.53.0-alpha, the last on Maven Central) was tried
 * first. With the SDK 1.68 it writes but cannot read back:
 *
 * <pre>
 * java.lang.NoClassDefFoundError: io/opentelemetry/sdk/logs/data/internal/ExtendedLogRecordData
 *   at …disk.buffering.internal.serialization.mapping.logs.LogRecordDataMapper.mapToSdk(LogRecordDataMapper.java:74)
 *   at …disk.buffering.internal.serialization.mapping.logs.ProtoLogsDataMapper.protoToSignalItem(ProtoLogsDataMapper.java:38)
 *   at …disk.buffering.internal.serialization.deserializers.LogRecordDataDeserializer.deserialize(LogRecordDataDeserializer.java:27)
 *   at …disk.buffering.internal.storage.Storage.doReadNext(Storage.java:123)
 * </pre>
 *
 * <p>It also cannot be resolved on the module path ({@code okio-3.9.1.jar} and {@code
 * okio-jvm-3.9.1.jar} are both module {@code okio}), deletes its oldest file without a word to
 * anyone who counts, held 395,568 bytes where 262,144 were allowed, and makes its folder readable
 * by all.
 */
final class Spool implements AutoCloseable {

  private static final int MAGIC = 0x53504f31; // "SPO1"
  private static final byte OWED = 0;
  private static final byte SETTLED = 1;
  private static final int HEADER = 4 + 1 + 4 + 4 + 4;
  private static final String SUFFIX = ".otlp";
  private static final long LARGEST_SEGMENT = 8L << 20;

  private final Path directory;
  private final long bound;
  private final long segmentLimit;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long bytes;
  private long owed;
  private long lost;
  private long nextIndex;
  private @Nullable Segment writing;

  private Spool(Path directory, long bound) {
    this.directory = directory;
    this.bound = bound;
    this.segmentLimit = Math.max(1, Math.min(LARGEST_SEGMENT, bound / 8));
  }

  /**
   * Opens a spool with what an earlier one left there.
   *
   * @param directory made if absent, for its owner alone
   * @param bound the most bytes it may hold
   */
  static Spool open(Path directory, long bound) throws IOException {
    ownerOnly(directory);
    Spool spool = new Spool(directory, bound);
    spool.recover();
    return spool;
  }

  /** Makes a directory that only its owner may look into, or makes it so. */
  static void ownerOnly(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    } else {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /** Adds a request; when it cannot be written, or is larger than the bound, it is lost. */
  synchronized void append(Request request) {
    long size = HEADER + (long) request.length();
    if (size > bound) {
      lost += request.records();
      return;
    }
    while (bytes + size > bound) {
      dropOldest();
    }
    try {
      Segment segment = segmentFor(size);
      segment.append(request);
      bytes += size;
      owed += request.records();
    } catch (IOException full) {
      lost += request.records();
    }
  }

  /**
   * {@return the oldest request that is owed, null when there is none} It stays until {@link
   * #settle}.
   */
  synchronized @Nullable Frame peek() {
    while (true) {
      Segment segment = segments.peekFirst();
      if (segment == null) {
        return null;
      }
      Frame frame = segment.read();
      if (frame != null) {
        return frame;
      }
      remove(segment);
    }
  }

  /** Says that a request need not be sent again; false when it was dropped meanwhile. */
  synchronized boolean settle(Frame frame) {
    Segment segment = segments.peekFirst();
    if (segment != frame.segment || segment.readOffset != frame.offset) {
      return false;
    }
    segment.settle(frame);
    owed -= frame.request.records();
    if (segment.readOffset >= segment.size) {
      remove(segment);
    }
    return true;
  }

  /** {@return whether nothing is owed} */
  synchronized boolean isEmpty() {
    return segments.isEmpty();
  }

  /** {@return records that are owed} */
  synchronized long owed() {
    return owed;
  }

  /** {@return bytes on disk} */
  synchronized long bytes() {
    return bytes;
  }

  /** {@return records lost to the bound, to errors of the disk, or found damaged} */
  synchronized long lost() {
    return lost;
  }

  /** Leaves what is owed on disk. */
  @Override
  public synchronized void close() {
    segments.forEach(Segment::close);
    segments.clear();
    writing = null;
  }

  private void recover() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      files.forEach(found::add);
    }
    found.sort(null);
    for (Path path : found) {
      nextIndex = Math.max(nextIndex, index(path) + 1);
      Segment segment = new Segment(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      segment.scan();
      segments.add(segment);
      bytes += segment.size;
      owed += segment.owed;
      if (segment.owed == 0) {
        remove(segment);
      }
    }
    while (bytes > bound) {
      dropOldest();
    }
  }

  private static long index(Path path) {
    String name = path.getFileName().toString();
    try {
      return Long.parseUnsignedLong(name.substring(0, name.length() - SUFFIX.length()), 16);
    } catch (NumberFormatException foreign) {
      return 0;
    }
  }

  private Segment segmentFor(long size) throws IOException {
    Segment segment = writing;
    if (segment == null || segment.size + size > segmentLimit) {
      segment =
          new Segment(
              directory.resolve("%016x%s".formatted(nextIndex++, SUFFIX)),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      segments.addLast(segment);
      writing = segment;
    }
    return segment;
  }

  private void dropOldest() {
    Segment oldest = segments.getFirst();
    lost += oldest.owed;
    owed -= oldest.owed;
    remove(oldest);
  }

  private void remove(Segment segment) {
    segments.remove(segment);
    bytes -= segment.size;
    if (segment == writing) {
      writing = null;
    }
    // Only a damaged segment still owes anything when it goes this way.
    lost += segment.damaged;
    owed -= segment.damaged;
    segment.close();
    segment.delete();
  }

  /** A request on disk and its place there. */
  static final class Frame {
    private final Segment segment;
    private final long offset;
    private final Request request;

    private Frame(Segment segment, long offset, Request request) {
      this.segment = segment;
      this.offset = offset;
      this.request = request;
    }

    Request request() {
      return request;
    }
  }

  /** One file. Guarded by the spool's lock. */
  private static final class Segment {
    private final Path path;
    private final FileChannel channel;
    private long size;
    private long readOffset;
    private long owed;
    private long damaged;

    Segment(Path path, StandardOpenOption... options) throws IOException {
      this.path = path;
      this.channel =
          FileChannel.open(
              path,
              Set.of(options),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    void append(Request request) throws IOException {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      header.putInt(MAGIC).put(OWED).putInt(request.records()).putInt(request.length());
      header.putInt(checksum(request.bytes(), request.length(), request.records())).flip();
      try {
        write(header, size);
        write(ByteBuffer.wrap(request.bytes(), 0, request.length()), size + HEADER);
      } catch (IOException torn) {
        channel.truncate(size);
        throw torn;
      }
      size += HEADER + (long) request.length();
      owed += request.records();
    }

    /** Reads the next frame that is owed; null at the end or at the first damage. */
    @Nullable Frame read() {
      try {
        while (readOffset + HEADER <= size) {
          ByteBuffer header = header(readOffset);
          boolean settled = header.get(4) == SETTLED;
          int records = header.getInt(5);
          int length = header.getInt(9);
          if (settled) {
            readOffset += HEADER + (long) length;
            continue;
          }
          byte[] bytes = new byte[length];
          read(ByteBuffer.wrap(bytes), readOffset + HEADER);
          if (checksum(bytes, length, records) == header.getInt(13)) {
            return new Frame(this, readOffset, new Request(bytes, length, records));
          }
          damaged += records;
          owed -= records;
          readOffset += HEADER + (long) length;
        }
      } catch (IOException unreadable) {
        damaged += owed;
        owed = 0;
      }
      return null;
    }

    void settle(Frame frame) {
      try {
        write(ByteBuffer.wrap(new byte[] {SETTLED}), frame.offset + 4);
      } catch (IOException e) {
        // It will be sent a second time by a later run, which at-least-once allows.
      }
      readOffset = frame.offset + HEADER + frame.request.length();
      owed -= frame.request.records();
    }

    /** Walks a file of an earlier run; a torn end is cut off. */
    void scan() throws IOException {
      long end = channel.size();
      while (size + HEADER <= end) {
        ByteBuffer header = header(size);
        int records = header.getInt(5);
        int length = header.getInt(9);
        if (header.getInt(0) != MAGIC
            || length < 0
            || records < 0
            || size + HEADER + length > end) {
          break;
        }
        if (header.get(4) == OWED) {
          owed += records;
        }
        size += HEADER + (long) length;
      }
      channel.truncate(size);
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing is buffered here that closing could lose.
      }
    }

    void delete() {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // A later run finds it and sends what it owes, or nothing.
      }
    }

    private ByteBuffer header(long offset) throws IOException {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      read(header, offset);
      return header.flip();
    }

    private void write(ByteBuffer buffer, long offset) throws IOException {
      long at = offset;
      while (buffer.hasRemaining()) {
        at += channel.write(buffer, at);
      }
    }

    private void read(ByteBuffer buffer, long offset) throws IOException {
      long at = offset;
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, at);
        if (count < 0) {
          throw new IOException("file ends before its frame does");
        }
        at += count;
      }
    }

    private static int checksum(byte[] bytes, int length, int records) {
      CRC32C crc = new CRC32C();
      crc.update(ByteBuffer.allocate(4).putInt(records).flip());
      crc.update(bytes, 0, length);
      return (int) crc.getValue();
    }
  }
}
