package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the agent with the firehose probe and a job that opens it. */
final class Firehose {

  private static final int LIMIT_SECONDS = 90;

  private final Bench bench;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  Firehose(Bench bench) {
    this.bench = bench;
    options.addAll(List.of("--plugins", bench.plugins().toString()));
  }

  /** Adds options of {@code sallyport run}. */
  Firehose with(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Has the CPU time of another process measured too. */
  Firehose watching(long pid) {
    environment.put("FIREHOSE_WATCH", Long.toString(pid));
    return this;
  }

  /**
   * What came of a run.
   *
   * @param records how many were measured
   * @param lost how many of all, those of the warm-up included, did not reach the decoder
   * @param producer what the job measured
   * @param reader what the reader thread measured
   */
  record Run(long records, long lost, Values producer, Values reader) {

    /** {@return records a second that the kernel wrote} */
    double produced() {
      return records / producer.seconds("elapsed_ns");
    }

    double producerNanos() {
      return (double) producer.get("cpu_ns") / records;
    }

    double readerNanos() {
      return (double) reader.get("cpu_ns") / records;
    }

    /** {@return the share of one CPU that the process used while records were produced} */
    double share(String cpuNanos) {
      return producer.get(cpuNanos) / (double) producer.get("elapsed_ns");
    }
  }

  /**
   * Runs it.
   *
   * @param records how many are measured
   * @param warmUp how many come first
   * @param rate records a second, 0 for as fast as it goes
   * @param burst records for each system call
   */
  Run run(long records, long warmUp, double rate, int burst) throws InterruptedException {
    return run(records, warmUp, rate, burst, null);
  }

  /** The same, but reading begins when the last record was written. */
  Run runPrefilled(long records, long warmUp, int burst) throws InterruptedException {
    Path fifo = bench.work("firehose.fifo");
    delete(fifo);
    bench.run(List.of("mkfifo", fifo.toString()));
    return run(records, warmUp, 0, burst, fifo);
  }

  private Run run(long records, long warmUp, double rate, int burst, @Nullable Path fifo)
      throws InterruptedException {
    Path reader = bench.work("firehose-reader");
    Path producer = bench.work("firehose-producer");
    delete(reader);
    delete(producer);
    environment.put("FIREHOSE_OUT", reader.toString());
    environment.put("FIREHOSE_WARM_UP", Long.toString(warmUp));
    environment.put("FIREHOSE_RECORDS", Long.toString(records));
    environment.put("FIREHOSE_BURST", Integer.toString(burst));
    List<String> command = bench.agent(options.toArray(String[]::new));
    command.addAll(
        List.of(
            bench.tool("firehose").toString(),
            producer.toString(),
            Long.toString(warmUp / burst),
            Long.toString(records / burst),
            Double.toString(rate / burst)));
    if (fifo != null) {
      environment.put("FIREHOSE_FIFO", fifo.toString());
      command.add(fifo.toString());
    }
    bench.run(command, environment, LIMIT_SECONDS);
    Values read = Values.read(reader);
    long all = (warmUp / burst + records / burst) * burst;
    return new Run(records, all - read.get("decoded"), Values.read(producer), read);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
