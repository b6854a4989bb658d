package dev.sallyport.bench;

import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The small pieces of the hot path, one by one. */
final class JmhBenchmark implements Benchmark {

  @Override
  public void run(Bench bench, Results results) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("dev\\.sallyport\\..*Jmh\\..*")
            .forks(bench.quick() ? 1 : 2)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(bench.quick() ? 3 : 5)
            .measurementTime(TimeValue.milliseconds(500))
            .shouldFailOnError(true)
            .jvmArgsAppend(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "-Djna.nosys=true");
    try {
      for (RunResult result : new Runner(options.build()).run()) {
        results.add(
            "jmh",
            result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1"),
            String.format(
                Locale.ROOT,
                "%.1f ± %.1f %s",
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreError(),
                result.getPrimaryResult().getScoreUnit()));
      }
    } catch (RunnerException e) {
      throw new BenchFailure("JMH: " + e.getMessage());
    }
  }
}
