package dev.sallyport.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import me.bechberger.ebpf.bpf.raw.Lib;
import me.bechberger.ebpf.bpf.raw.libbpf_print_fn_t;
import org.jspecify.annotations.Nullable;

/**
 * libbpf as a library of this process: found, loaded, and its log kept.
 *
 * <p>libbpf says why something failed only in its log, so the log of every call is gathered per
 * thread and handed out with the outcome.
 */
@SuppressWarnings("restricted") // native memory is this package's business
public final class Libbpf {

  /** Names another file in place of those searched. */
  public static final String LOCATION_VARIABLE = "SALLYPORT_LIBBPF";

  private static final String REMEDY =
      "install it with: apt-get install libbpf1 (Debian 12+, Ubuntu 24.04+), or name the file in "
          + LOCATION_VARIABLE;

  private static final List<String> DIRECTORIES =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/lib64",
          "/usr/lib",
          "/usr/local/lib64",
          "/usr/local/lib");

  private static final int MAX_LOG = 64 * 1024;
  private static final ThreadLocal<StringBuilder> LOG = ThreadLocal.withInitial(StringBuilder::new);

  private static @Nullable Availability availability;

  private Libbpf() {}

  /** Whether libbpf can be used. */
  public sealed interface Availability {

    /** It was loaded. */
    record Loaded(Path file, String version) implements Availability {}

    /** It was not found or could not be loaded. */
    record Missing(String reason, String remedy) implements Availability {}
  }

  /** Loads libbpf on first use. {@return whether it can be used} Thread-safe. */
  public static synchronized Availability load() {
    Availability known = availability;
    if (known == null) {
      known = find();
      availability = known;
    }
    return known;
  }

  private static Availability find() {
    String named = System.getenv(LOCATION_VARIABLE);
    List<Path> candidates =
        named != null
            ? List.of(Path.of(named))
            : DIRECTORIES.stream().map(directory -> Path.of(directory, "libbpf.so.1")).toList();
    for (Path candidate : candidates) {
      if (Files.isReadable(candidate)) {
        return open(candidate.toAbsolutePath());
      }
    }
    String where = named != null ? named : "libbpf.so.1 in " + String.join(", ", DIRECTORIES);
    return new Availability.Missing("libbpf not found: expected " + where, REMEDY);
  }

  private static Availability open(Path file) {
    try {
      System.load(file.toString());
      if (Lib.libbpf_major_version() < 1) {
        return new Availability.Missing(
            "%s is libbpf %s: expected 1.0 or newer".formatted(file, version()), REMEDY);
      }
      Lib.libbpf_set_print(
          libbpf_print_fn_t.allocate(
              (level, format, arguments) -> keep(format, arguments), Arena.global()));
      return new Availability.Loaded(file, version());
    } catch (UnsatisfiedLinkError e) {
      return new Availability.Missing(
          "loading %s: %s".formatted(file, e.getMessage()), "install a libbpf for this machine");
    }
  }

  private static String version() {
    return text(Lib.libbpf_version_string());
  }

  /** Called by libbpf from within a call of ours, on the same thread. */
  private static int keep(MemorySegment format, MemorySegment arguments) {
    StringBuilder log = LOG.get();
    if (log.length() > MAX_LOG) {
      log.delete(0, log.length() - MAX_LOG / 2);
    }
    try (Arena arena = Arena.ofConfined()) {
      long size = 32 * 1024;
      MemorySegment line = arena.allocate(size);
      Lib.vsnprintf(line, size, format, arguments);
      log.append(line.getString(0));
    }
    return 0;
  }

  /** Begins to gather this thread's log anew. */
  static void clearLog() {
    LOG.get().setLength(0);
  }

  /** {@return what libbpf said on this thread since {@link #clearLog}} */
  static String log() {
    return LOG.get().toString();
  }

  /** {@return a C string, empty for a null pointer} */
  static String text(MemorySegment pointer) {
    return pointer.equals(MemorySegment.NULL)
        ? ""
        : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** {@return a negative errno in words} */
  static String error(long code) {
    return Libc.message((int) Math.abs(code));
  }
}
