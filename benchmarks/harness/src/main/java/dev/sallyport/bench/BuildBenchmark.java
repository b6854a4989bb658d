package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A job like a build, with the agent and without, by turns. What is compared is the job's own time;
 * the agent's start is a benchmark of its own.
 */
final class BuildBenchmark implements Benchmark {

  private static final String NAME = "build-like job";
  private static final double MOST_PERCENT = 3;
  private static final int FILES = 60;
  private static final int PROCESSES = 1000;
  private static final int SOCKETS = 2000;
  private static final int LIMIT_SECONDS = 120;

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int pairs = bench.quick() ? 3 : 12;
    Path sources = sources(bench);
    measure(bench, sources, false); // fills the page cache, and is thrown away
    List<Values> without = new ArrayList<>();
    List<Values> with = new ArrayList<>();
    double[] elapsed = new double[pairs];
    double[] cpu = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      // The order changes, so that what drifts does not always hit the same one.
      boolean agentFirst = i % 2 == 1;
      Values first = measure(bench, sources, agentFirst);
      Values second = measure(bench, sources, !agentFirst);
      with.add(agentFirst ? first : second);
      without.add(agentFirst ? second : first);
      elapsed[i] = percent(with.getLast().seconds("elapsed_ns"), without.getLast(), true);
      cpu[i] = percent(cpuSeconds(with.getLast()), without.getLast(), false);
      bench.say(
          String.format(
              Locale.ROOT,
              "pair %d of %d: %.2f s without, %.2f s with (%+.1f %%), CPU %+.1f %%",
              i + 1,
              pairs,
              without.getLast().seconds("elapsed_ns"),
              with.getLast().seconds("elapsed_ns"),
              elapsed[i],
              cpu[i]));
    }
    results.add(
        NAME,
        "elapsed, median of %d pairs (quartiles)".formatted(pairs),
        spread(elapsed),
        "≤ +3 %",
        Statistics.median(elapsed) <= MOST_PERCENT);
    results.add(NAME, "user + system of the job itself", spread(cpu));
    double[] seconds =
        without.stream().mapToDouble(values -> values.seconds("elapsed_ns")).toArray();
    results.note(
        NAME,
        String.format(
            Locale.ROOT,
            "%d C files compiled two at a time, %,d processes, %,d connections over loopback;"
                + " %.2f s without the agent",
            FILES,
            PROCESSES,
            SOCKETS,
            Statistics.median(seconds)));
  }

  private static Values measure(Bench bench, Path sources, boolean withAgent)
      throws InterruptedException {
    Path out = bench.work("build-measure");
    List<String> command = withAgent ? bench.agent() : new ArrayList<>();
    command.addAll(
        List.of(
            bench.tool("measure").toString(),
            out.toString(),
            bench.tool("build-like").toString(),
            bench.tools().toString(),
            sources.toString(),
            bench.work("build-out").toString(),
            Integer.toString(PROCESSES),
            Integer.toString(SOCKETS)));
    bench.run(command, Map.of(), LIMIT_SECONDS);
    return Values.read(out);
  }

  private static double percent(double with, Values without, boolean elapsed) {
    double base = elapsed ? without.seconds("elapsed_ns") : cpuSeconds(without);
    return (with / base - 1) * 100;
  }

  private static double cpuSeconds(Values values) {
    return values.seconds("user_ns") + values.seconds("system_ns");
  }

  private static String spread(double[] percents) {
    return String.format(
        Locale.ROOT,
        "%+.1f %% (%+.1f … %+.1f)",
        Statistics.median(percents),
        Statistics.quantile(percents, 0.25),
        Statistics.quantile(percents, 0.75));
  }

  /** C files with enough in them that the compiler, not the disk, is what takes time. */
  private static Path sources(Bench bench) {
    Path directory = bench.work("sources");
    try {
      Files.createDirectories(directory);
      for (int file = 0; file < FILES; file++) {
        StringBuilder text = new StringBuilder("#include <stdio.h>\n#include <stdlib.h>\n");
        for (int function = 0; function < 10; function++) {
          text.append(
              """
              int f%1$d_%2$d(int n, int *v) {
                int sum = %2$d;
                for (int i = 0; i < n; i++) { sum += v[i] * %1$d; if (sum %% 7 == 3) sum ^= i; }
                switch (sum %% 5) { case 0: return sum; case 1: return abs(sum); default: return n; }
              }
              """
                  .formatted(file, function));
        }
        Files.writeString(directory.resolve("unit%02d.c".formatted(file)), text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return directory;
  }
}
