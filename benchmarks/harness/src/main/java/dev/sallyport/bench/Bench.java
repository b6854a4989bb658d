package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Runs the benchmarks: {@code Bench CHECKOUT [quick] [NAME…]}. {@code bin/bench} builds what is
 * needed and calls it.
 */
public final class Bench {

  private static final int USAGE = 64;
  private static final int FAILED = 1;

  private static final Map<String, Benchmark> BENCHMARKS = new LinkedHashMap<>();

  static {
    BENCHMARKS.put("kernel", new KernelBenchmark());
    BENCHMARKS.put("otlp", new OtlpBenchmark());
    BENCHMARKS.put("build", new BuildBenchmark());
    BENCHMARKS.put("start", new StartBenchmark());
    BENCHMARKS.put("memory", new MemoryBenchmark());
    BENCHMARKS.put("jmh", new JmhBenchmark());
  }

  private final Path checkout;
  private final boolean quick;

  private Bench(Path checkout, boolean quick) {
    this.checkout = checkout;
    this.quick = quick;
  }

  /** Runs the benchmarks named, or all but jmh. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>(List.of(arguments));
    Path checkout = Path.of(names.removeFirst());
    boolean quick = names.remove("quick");
    if (names.isEmpty()) {
      names.addAll(BENCHMARKS.keySet());
      names.remove("jmh"); // minutes of its own; asked for by name
    }
    for (String name : names) {
      if (!BENCHMARKS.containsKey(name)) {
        System.err.printf(
            "bench: %s: expected one of %s, or quick%n",
            name, String.join(", ", BENCHMARKS.keySet()));
        System.exit(USAGE);
      }
    }
    System.exit(new Bench(checkout, quick).measure(names));
  }

  private int measure(List<String> names) throws IOException, InterruptedException {
    Files.createDirectories(work());
    Results results = new Results();
    String machine = Machine.describe(this, quick);
    int status = 0;
    for (String name : names) {
      say("--- " + name);
      try {
        Objects.requireNonNull(BENCHMARKS.get(name)).run(this, results);
      } catch (BenchFailure e) {
        say("%s failed: %s".formatted(name, e.getMessage()));
        results.add(name, "failed", "see notes");
        results.note(name, "failed: " + e.getMessage());
        status = FAILED;
      }
    }
    String text = machine + "\n" + results.markdown();
    Path file = checkout.resolve("benchmarks/target/results.md");
    Files.writeString(file, text);
    System.out.println(text);
    say("written to " + file);
    return status;
  }

  /** {@return whether numbers are wanted soon rather than sharp} */
  boolean quick() {
    return quick;
  }

  /** {@return the launcher} */
  Path launcher() {
    return checkout.resolve("bin/sallyport");
  }

  /** {@return the directory of the firehose plugin} */
  Path plugins() {
    return checkout.resolve("benchmarks/firehose/target/plugins");
  }

  /** {@return where the native programs and scripts of the benchmarks are} */
  Path tools() {
    return checkout.resolve("benchmarks/target/tools");
  }

  Path tool(String name) {
    return tools().resolve(name);
  }

  /** {@return where to write} */
  Path work() {
    return checkout.resolve("benchmarks/target/work");
  }

  Path work(String name) {
    return work().resolve(name);
  }

  /** Says how it goes. */
  void say(String line) {
    System.err.println("bench: " + line);
  }

  /**
   * Runs a command of the agent. {@return the words of {@code sallyport run}, up to the command}
   */
  List<String> agent(String... options) {
    List<String> words = new ArrayList<>(List.of(launcher().toString(), "run", "--quiet"));
    words.addAll(List.of(options));
    words.add("--");
    return words;
  }

  /**
   * Runs a command and waits for it.
   *
   * @param environment variables over those of this process
   * @param limitSeconds after so long it is killed and the benchmark fails
   * @return what it wrote
   */
  String run(List<String> command, Map<String, String> environment, int limitSeconds)
      throws InterruptedException {
    Path log = work("output.log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(log.toFile());
      builder.environment().put("SALLYPORT_STATE_DIRECTORY", work("state").toString());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new BenchFailure(
            "%s: expected it to end within %d s, it did not"
                .formatted(String.join(" ", command), limitSeconds));
      }
      String output = Files.readString(log, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new BenchFailure(
            "%s: exit status %d: %s"
                .formatted(
                    String.join(" ", command),
                    process.exitValue(),
                    output.strip().lines().toList()));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command and waits for it, a minute at most. */
  String run(List<String> command) throws InterruptedException {
    return run(command, Map.of(), 60);
  }
}
