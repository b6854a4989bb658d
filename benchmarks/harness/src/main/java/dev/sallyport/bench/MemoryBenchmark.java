package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Resident memory of the agent, everything on: probes, export, events file, report. */
final class MemoryBenchmark implements Benchmark {

  private static final String NAME = "memory";

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int processes = bench.quick() ? 3000 : 10_000;
    Path status = bench.work("agent-status");
    Path outer = bench.work("memory-outer");
    try (Receiver receiver = Receiver.start(bench)) {
      List<String> command =
          bench.agent(
              "--otlp-endpoint",
              receiver.endpoint(),
              "--events",
              bench.work("events.jsonl").toString(),
              "--report",
              bench.work("report").toString());
      command.addAll(0, List.of(bench.tool("measure").toString(), outer.toString()));
      command.addAll(
          List.of(
              bench.tool("children").toString(),
              Integer.toString(processes),
              "/bin/true",
              status.toString()));
      bench.run(command, Map.of(), 180);
      results.note(
          NAME,
          String.format(Locale.ROOT, "%,d log records exported", receiver.received().records()));
    }
    try {
      String job = String.format(Locale.ROOT, "job of %,d processes", processes);
      String peak = mebibytes(Machine.value(status.toString(), "VmHWM"));
      String now = mebibytes(Machine.value(status.toString(), "VmRSS"));
      String anonymous = mebibytes(Machine.value(status.toString(), "RssAnon"));
      String last = mebibytes(Values.read(outer).get("max_rss_kib") + " kB");
      bench.say("peak %s, at the end %s, until exit %s".formatted(peak, now, last));
      results.add(NAME, job + ": peak (VmHWM)", peak);
      results.add(
          NAME, job + ": at its end (VmRSS)", "%s, of it anonymous %s".formatted(now, anonymous));
      results.add(NAME, job + ": peak until exit, report written", last);
      Files.deleteIfExists(bench.work("events.jsonl"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mebibytes(String kibibytes) {
    return String.format(
        Locale.ROOT, "%.0f MiB", Long.parseLong(kibibytes.replaceAll("\\D", "")) / 1024.0);
  }
}
