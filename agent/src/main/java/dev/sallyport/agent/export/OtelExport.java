package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends events, and the traces and metrics that follow from them, to an OTLP/gRPC receiver.
 *
 * <p>{@link #accept} only enqueues. A thread encodes and sends; what the receiver does not take
 * waits on disk, in the directory of the settings, and is sent when the receiver answers again, be
 * it by a later run with the same directory. Each record arrives at least once unless it is counted
 * in {@link #losses}. Thread-safe, but for {@code accept}, which belongs to the reader thread.
 */
public final class OtelExport implements EventConsumer, LossSource {

  // An event waits so long at most for others to go with it.
  private static final Duration LINGER = Duration.ofMillis(200);

  private final SpoolDirectory directory;
  private final Map<Signal, Spool> spools;
  private final EventWorker worker;
  private final AgentMeters.Counts counts = new AgentMeters.Counts();
  private volatile @Nullable ExportSink sink;

  private OtelExport(
      ExportSettings settings,
      AgentIdentity identity,
      AgentGauges gauges,
      SpoolDirectory directory,
      Map<Signal, Spool> spools) {
    this.directory = directory;
    this.spools = spools;
    this.worker =
        new EventWorker(
            "sallyport-export",
            settings.queueCapacity(),
            LINGER,
            () -> makeSink(settings, identity, gauges));
  }

  /** Whether the export began. */
  public sealed interface Opening {}

  /** It did. */
  public record Opened(OtelExport export) implements Opening {}

  /**
   * It could not.
   *
   * @param line what is wrong and what to do, for the user
   */
  public record Refused(String line) implements Opening {}

  /**
   * What the export has done so far.
   *
   * @param delivered records (log records and spans) that the receiver took
   * @param waiting records on disk, for this run or a later one
   * @param waitingBytes how much these take
   * @param lastFailure what the receiver last answered instead of taking a request; null when it
   *     took the last one
   */
  public record Status(
      long delivered, long waiting, long waitingBytes, @Nullable String lastFailure) {}

  /**
   * Begins. Takes a place in the spool directory on the caller's thread; all else, the connection
   * included, is made on the export's own thread. Nothing here waits for the receiver.
   */
  public static Opening open(ExportSettings settings, AgentIdentity identity, AgentGauges gauges) {
    try {
      SpoolDirectory directory = SpoolDirectory.take(settings.spoolDirectory());
      Map<Signal, Spool> spools = new EnumMap<>(Signal.class);
      for (Signal signal : settings.targets().keySet()) {
        long bound = settings.diskBytes() / 100 * signal.diskShare();
        spools.put(signal, Spool.open(directory.path().resolve(signal.folder()), bound));
      }
      OtelExport export = new OtelExport(settings, identity, gauges, directory, spools);
      export.worker.start();
      return new Opened(export);
    } catch (IOException e) {
      return new Refused(
          "export: cannot keep unsent events in %s (%s); expected a directory that the agent may write"
              .formatted(settings.spoolDirectory(), e));
    }
  }

  @Override
  public void accept(ObservedEvent event) {
    counts.events.add(event);
    worker.offer(event);
  }

  /**
   * Sends what is left, within the deadline and as long as the receiver answers; the rest stays on
   * disk, see {@link #status}.
   */
  @Override
  public void finish(Duration deadline) {
    worker.finish(deadline);
    spools.values().forEach(Spool::close);
    try {
      directory.close();
    } catch (IOException e) {
      // The lock goes with the process at the latest.
    }
  }

  @Override
  public List<Loss> losses() {
    List<Loss> losses = new ArrayList<>(worker.losses());
    spools.forEach((signal, spool) -> add(losses, signal, "disk", spool.lost()));
    ExportSink current = sink;
    if (current != null) {
      current
          .deliveries()
          .forEach((signal, delivery) -> add(losses, signal, "refused", delivery.refused()));
    }
    return losses;
  }

  /** {@return what was delivered and what waits} */
  public Status status() {
    long delivered = 0;
    String failure = null;
    ExportSink current = sink;
    if (current != null) {
      for (Delivery delivery : current.deliveries().values()) {
        if (delivery.signal() != Signal.METRICS) {
          delivered += delivery.delivered();
        }
        failure = failure == null ? delivery.lastFailure() : failure;
      }
      failure = failure == null ? current.fault() : failure;
    }
    long waiting = 0;
    long bytes = 0;
    for (Map.Entry<Signal, Spool> entry : spools.entrySet()) {
      bytes += entry.getValue().bytes();
      waiting += entry.getKey() == Signal.METRICS ? 0 : entry.getValue().owed();
    }
    return new Status(delivered, waiting, bytes, failure);
  }

  /** {@return events in memory that were not yet encoded} */
  int queued() {
    return worker.waiting();
  }

  private ExportSink makeSink(ExportSettings settings, AgentIdentity identity, AgentGauges gauges) {
    ExportSink made = new ExportSink(settings, identity, gauges, spools, counts, worker, this);
    sink = made;
    return made;
  }

  private static void add(List<Loss> losses, Signal signal, String reason, long count) {
    if (count > 0) {
      losses.add(new Loss("agent", signal.lossName(), reason, count));
    }
  }
}
