package dev.sallyport.agent.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the kernel's own file systems are mounted; mounts those that are not. */
final class Mounts {

  private static final Path TABLE = Path.of("/proc/self/mounts");

  private Mounts() {}

  /**
   * {@return where the cgroup2 hierarchy is, null when it is not mounted} On hosts with the old
   * hierarchy beside it, it is not at {@code /sys/fs/cgroup}.
   */
  static @Nullable Path cgroup2() {
    return find("cgroup2");
  }

  /** {@return where tracefs is, mounted if need be; null when that is not possible} */
  static @Nullable Path tracefs() {
    return findOrMount("tracefs", Path.of("/sys/kernel/tracing"));
  }

  /** {@return where the BPF file system is, mounted if need be; null when that is not possible} */
  static @Nullable Path bpffs() {
    return findOrMount("bpf", Path.of("/sys/fs/bpf"));
  }

  private static @Nullable Path findOrMount(String type, Path target) {
    Path found = find(type);
    if (found != null) {
      return found;
    }
    if (Files.isDirectory(target) && Libc.mount(type, target.toString(), type, 0, null) == 0) {
      return target;
    }
    return null;
  }

  private static @Nullable Path find(String type) {
    try {
      for (String line : Files.readAllLines(TABLE)) {
        String[] fields = line.split(" ", 4);
        if (fields.length == 4 && fields[2].equals(type)) {
          return Path.of(fields[1]);
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + TABLE, e);
    }
  }
}
