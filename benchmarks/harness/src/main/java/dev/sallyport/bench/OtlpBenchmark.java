package dev.sallyport.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Kernel to an OTLP receiver in another process, all on the same CPUs. */
final class OtlpBenchmark implements Benchmark {

  private static final String NAME = "kernel to OTLP";
  private static final double TARGET = 100_000;
  private static final double STEP = 1.4;
  private static final double MOST = 1_000_000;

  // A backlog of more than so many seconds was not sent as fast as it came, only kept.
  private static final double LATE_SECONDS = 2;

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    double seconds = bench.quick() ? 3 : 5;
    @Nullable Line best = null;
    for (double rate = TARGET; rate <= MOST; rate *= STEP) {
      Line line = measure(bench, rate, seconds);
      bench.say("asked for %s: %s".formatted(KernelBenchmark.perSecond(rate), line));
      if (line.missing() > 0 || line.late() > LATE_SECONDS || line.rate() < rate * 0.95) {
        results.note(NAME, "beyond it, at %s: %s".formatted(KernelBenchmark.perSecond(rate), line));
        break;
      }
      best = line;
    }
    results.add(
        NAME,
        "highest rate that arrives in time and whole",
        best == null ? "none" : best.toString(),
        "≥ 100,000/s",
        best != null);
  }

  private static Line measure(Bench bench, double rate, double seconds)
      throws InterruptedException {
    try (Receiver receiver = Receiver.start(bench)) {
      long records = (long) (rate * seconds);
      long warmUp = (long) rate; // four seconds: what a JVM takes until it compiled what counts
      Firehose.Run run =
          new Firehose(bench)
              .with("--otlp-endpoint", receiver.endpoint())
              .watching(receiver.pid())
              .run(records, warmUp, rate, 1);
      Receiver.Received received = receiver.received();
      if (received.records() == 0) {
        throw new BenchFailure(
            "expected log records at %s, none came".formatted(receiver.endpoint()));
      }
      // The warm-up goes at a quarter of the rate.
      double produced = warmUp / (rate / 4) + run.producer().seconds("elapsed_ns");
      return new Line(
          run.produced(),
          records + warmUp - received.firehose(),
          received.seconds() - produced,
          run.share("cpu_ns"),
          run.share("agent_cpu_ns"),
          run.share("watched_cpu_ns"));
    }
  }

  /**
   * One rate's outcome.
   *
   * @param rate records a second that the kernel wrote
   * @param missing records that never came
   * @param late how long after the last record was written the last request came, in seconds
   */
  private record Line(
      double rate, long missing, double late, double producer, double agent, double receiver) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s, missing %,d, late %.1f s; CPU: producer %.0f %%, agent %.0f %%, receiver %.0f %%",
          KernelBenchmark.perSecond(rate),
          missing,
          Math.max(0, late),
          producer * 100,
          agent * 100,
          receiver * 100);
    }
  }
}
