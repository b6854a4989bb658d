package dev.sallyport.bench.firehose;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Counts records on the reader thread and takes that thread's time while it reads those that count.
 *
 * <p>The environment says what: {@code FIREHOSE_OUT} the file for the result, {@code
 * FIREHOSE_WARM_UP} and {@code FIREHOSE_RECORDS} how many records come first and how many are
 * measured, {@code FIREHOSE_BURST} records per system call, {@code FIREHOSE_FIFO} a FIFO: when set,
 * the first record waits until somebody opens it for writing, so that the ring fills up meanwhile.
 *
 * <p>For the reader thread.
 */
final class Measurement {

  private static final Path THREAD_TIMES = Path.of("/proc/thread-self/schedstat");

  private final @Nullable Path out;
  private final @Nullable Path fifo;
  private final int burst;
  private final long warmUp;
  private final long last;
  private long count;
  private long startNanos;
  private long startCpuNanos;
  private long endNanos;
  private long endCpuNanos;

  private Measurement(
      @Nullable Path out, @Nullable Path fifo, int burst, long warmUp, long records) {
    this.out = out;
    this.fifo = fifo;
    this.burst = burst;
    this.warmUp = warmUp;
    this.last = warmUp + records;
  }

  static Measurement ofEnvironment() {
    return new Measurement(
        path("FIREHOSE_OUT"),
        path("FIREHOSE_FIFO"),
        Math.toIntExact(number("FIREHOSE_BURST", 1)),
        number("FIREHOSE_WARM_UP", 0),
        number("FIREHOSE_RECORDS", 0));
  }

  int burst() {
    return burst;
  }

  /** Takes notice of a record. */
  void record() {
    if (count == 0 && fifo != null) {
      waitFor(fifo);
    }
    if (count == warmUp) {
      startCpuNanos = threadNanos();
      startNanos = System.nanoTime();
    }
    count++;
    if (count == last) {
      stop();
    }
  }

  /** Writes the result. */
  void end() {
    if (endNanos == 0) {
      stop(); // some were lost
    }
    if (out == null) {
      return;
    }
    try {
      Files.writeString(
          out,
          "decoded=%d%nelapsed_ns=%d%ncpu_ns=%d%n"
              .formatted(count, endNanos - startNanos, endCpuNanos - startCpuNanos));
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + out, e);
    }
  }

  private void stop() {
    endCpuNanos = threadNanos();
    endNanos = System.nanoTime();
  }

  /** Opening a FIFO for reading returns when there is a writer. */
  private static void waitFor(Path fifo) {
    try (InputStream writer = Files.newInputStream(fifo)) {
      writer.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + fifo, e);
    }
  }

  /** Its first number is the time on a CPU. */
  private static long threadNanos() {
    try {
      String times = Files.readString(THREAD_TIMES);
      return Long.parseLong(times.substring(0, times.indexOf(' ')));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + THREAD_TIMES, e);
    }
  }

  private static @Nullable Path path(String variable) {
    String value = System.getenv(variable);
    return value == null ? null : Path.of(value);
  }

  private static long number(String variable, long otherwise) {
    String value = System.getenv(variable);
    return value == null ? otherwise : Long.parseLong(value);
  }
}
