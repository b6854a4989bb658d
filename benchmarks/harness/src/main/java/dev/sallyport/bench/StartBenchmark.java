package dev.sallyport.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** From the start of the launcher until the job's command runs, everything attached. */
final class StartBenchmark implements Benchmark {

  private static final String NAME = "start";

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int runs = bench.quick() ? 5 : 15;
    double[] cached = new double[runs];
    double[] plain = new double[runs];
    for (int i = 0; i < runs; i++) {
      cached[i] = measure(bench, "use");
      plain[i] = measure(bench, "off");
      bench.say(
          String.format(
              Locale.ROOT,
              "%d of %d: %.0f ms with the AOT cache, %.0f ms without",
              i + 1,
              runs,
              cached[i],
              plain[i]));
    }
    results.add(NAME, "until the command runs, AOT cache", spread(cached));
    results.add(NAME, "until the command runs, no cache", spread(plain));
  }

  private static double measure(Bench bench, String cache) throws InterruptedException {
    Path outer = bench.work("start-outer");
    Path inner = bench.work("start-inner");
    String measure = bench.tool("measure").toString();
    List<String> command = bench.agent();
    command.addAll(0, List.of(measure, outer.toString()));
    command.addAll(List.of(measure, inner.toString(), "/bin/true"));
    bench.run(command, Map.of("SALLYPORT_AOT", cache), 60);
    return (Values.read(inner).get("start_ns") - Values.read(outer).get("start_ns")) / 1e6;
  }

  private static String spread(double[] millis) {
    return String.format(
        Locale.ROOT,
        "%.0f ms (%.0f … %.0f)",
        Statistics.median(millis),
        Statistics.quantile(millis, 0.25),
        Statistics.quantile(millis, 0.75));
  }
}
