package dev.sallyport.agent.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place on disk that belongs to one running export. Several agents may be given one directory:
 * each takes the first numbered place that no other holds, and so also what an earlier run left
 * there.
 */
final class SpoolDirectory implements AutoCloseable {

  private static final int PLACES = 64;

  private final Path path;
  private final FileChannel channel;

  private SpoolDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes a place.
   *
   * @throws IOException when the directory cannot be made or written, or all places are taken
   */
  static SpoolDirectory take(Path root) throws IOException {
    Spool.ownerOnly(root);
    for (int place = 0; place < PLACES; place++) {
      Path path = root.resolve(Integer.toString(place));
      Spool.ownerOnly(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (lock(channel) != null) {
        return new SpoolDirectory(path, channel);
      }
      channel.close();
    }
    throw new IOException("all " + PLACES + " places in " + root + " are in use");
  }

  Path path() {
    return path;
  }

  /** Gives the place back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }
}
