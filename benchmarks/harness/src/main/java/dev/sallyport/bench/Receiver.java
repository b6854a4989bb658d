package dev.sallyport.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@link CountingReceiver} in a process of its own. */
final class Receiver implements AutoCloseable {

  private final Process process;
  private final int port;
  private final Path out;

  private Receiver(Process process, int port, Path out) {
    this.process = process;
    this.port = port;
    this.out = out;
  }

  static Receiver start(Bench bench) {
    Path out = bench.work("receiver");
    try {
      Files.deleteIfExists(out);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  CountingReceiver.class.getName(),
                  out.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String line =
          new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (line == null) {
        throw new BenchFailure("the receiver ended before it said its port");
      }
      return new Receiver(process, Integer.parseInt(line), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  long pid() {
    return process.pid();
  }

  /** {@return what came since it started; all zero when nothing did} */
  Received received() {
    Values values = Values.read(out);
    if (values.numbers().isEmpty()) {
      return new Received(0, 0, 0);
    }
    return new Received(
        values.get("firehose"),
        values.get("records"),
        (values.get("last_ns") - values.get("first_ns")) / 1e9);
  }

  /**
   * What came.
   *
   * @param firehose records of the firehose
   * @param records all log records
   * @param seconds from the first request to the last
   */
  record Received(long firehose, long records, double seconds) {}

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
