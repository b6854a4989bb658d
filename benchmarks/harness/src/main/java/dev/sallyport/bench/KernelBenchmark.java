package dev.sallyport.bench;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Kernel to decoded event, with nothing behind the pipeline. */
final class KernelBenchmark implements Benchmark {

  private static final String NAME = "kernel to decoded";
  private static final double TARGET = 500_000;
  private static final double STEP = 1.25;
  private static final double MOST = 4_000_000;

  // So many records to a system call: the producer is then no dearer than the reader.
  private static final int BURST = 16;
  private static final int ATTEMPTS = 2;
  private static final int BIG_RING = 256 * 1024 * 1024;

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    single(bench, results);
    lossless(bench, results);
    readerAlone(bench, results);
  }

  /** One record a call, as fast as the producer can. */
  private static void single(Bench bench, Results results) throws InterruptedException {
    long records = bench.quick() ? 640_000 : 1_600_000;
    Firehose.Run run = new Firehose(bench).run(records, 320_000, 0, 1);
    bench.say(describe(run));
    results.add(NAME, "one record a system call", describe(run));
    if (run.lost() == 0) {
      results.note(
          NAME,
          "one record a system call is bound by its producer: the traced system call costs it more"
              + " than the record costs the reader");
    }
  }

  /** The highest rate that loses nothing. */
  private static void lossless(Bench bench, Results results) throws InterruptedException {
    double seconds = bench.quick() ? 1 : 2;
    Firehose.@Nullable Run best = null;
    double rate = TARGET;
    while (rate <= MOST) {
      Firehose.Run run = attempt(bench, rate, seconds);
      if (run.lost() > 0) {
        results.note(NAME, "beyond it, at %s: %s".formatted(perSecond(rate), describe(run)));
        break;
      }
      best = run;
      if (run.produced() < rate * 0.95) {
        results.note(NAME, "bound by the producer, which asked for " + perSecond(rate));
        break;
      }
      rate *= STEP;
    }
    if (best == null) {
      results.add(NAME, "highest rate without loss", "none", "≥ 500,000/s", false);
      return;
    }
    results.add(
        NAME,
        "highest rate without loss",
        describe(best),
        "≥ 500,000/s",
        best.produced() >= TARGET * 0.99);
  }

  private static Firehose.Run attempt(Bench bench, double rate, double seconds)
      throws InterruptedException {
    Firehose.@Nullable Run run = null;
    for (int i = 0; i < ATTEMPTS && (run == null || run.lost() > 0); i++) {
      long records = (long) (rate * seconds) / BURST * BURST;
      run = new Firehose(bench).run(records, (long) (rate / 4), rate, BURST);
      bench.say("asked for %s: %s".formatted(perSecond(rate), describe(run)));
    }
    return Objects.requireNonNull(run);
  }

  /** The ring is full when reading begins: nobody but the reader sets the pace. */
  private static void readerAlone(Bench bench, Results results) throws InterruptedException {
    Firehose.Run run =
        new Firehose(bench)
            .with("--ring-size", Integer.toString(BIG_RING))
            .runPrefilled(1_600_000, 640_000, BURST);
    String text =
        String.format(
            Locale.ROOT,
            "%s, %.0f ns/record on the reader thread, lost %,d",
            perSecond(run.records() / run.reader().seconds("elapsed_ns")),
            run.readerNanos(),
            run.lost());
    bench.say("ring filled before: " + text);
    results.add(NAME, "reader alone, from a ring filled before", text);
  }

  static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f/s", rate);
  }

  private static String describe(Firehose.Run run) {
    return String.format(
        Locale.ROOT,
        "%s, lost %,d; ns/record: producer %.0f, reader %.0f",
        perSecond(run.produced()),
        run.lost(),
        run.producerNanos(),
        run.readerNanos());
  }
}
