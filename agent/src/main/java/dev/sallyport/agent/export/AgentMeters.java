package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.LossSource;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** The agent's metrics, asked for when they are exported. */
final class AgentMeters {

  private static final AttributeKey<String> EVENT = AttributeKey.stringKey("sallyport.event");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("sallyport.reason");
  private static final AttributeKey<String> VERDICT =
      AttributeKey.stringKey(SemanticConventions.VERDICT);
  private static final AttributeKey<String> QUEUE = AttributeKey.stringKey("sallyport.queue");
  private static final int PAGE_BYTES = 4096;

  private AgentMeters() {}

  /** What is counted while events pass. Thread-safe. */
  static final class Counts {
    final EventCounts events = new EventCounts();
    final EventCounts.ByText connections = new EventCounts.ByText();
    final LongAdder findings = new LongAdder();
  }

  /** What waits to be sent. Thread-safe. */
  interface Queues {
    long inMemory();

    long onDisk();
  }

  static SdkMeterProvider open(
      Resource resource,
      MetricExporter exporter,
      Duration interval,
      Counts counts,
      Queues queues,
      AgentGauges gauges,
      LossSource own) {
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(interval).build())
            .build();
    Meter meter = provider.get(JobResources.SCOPE.getName());
    events(meter, counts);
    losses(meter, gauges, own);
    queues(meter, queues, gauges);
    process(meter);
    return provider;
  }

  private static void events(Meter meter, Counts counts) {
    meter
        .counterBuilder("sallyport.events")
        .setUnit("{event}")
        .setDescription("Events that reached the agent.")
        .buildWithCallback(measurement ->
            counts.events.forEach((probe, event, count) ->
                measurement.record(
                    count, Attributes.of(SemanticConventions.PROBE, probe, EVENT, event))));
    meter
        .counterBuilder("sallyport.connections")
        .setUnit("{connection}")
        .setDescription("Connections that jobs tried to make, by verdict.")
        .buildWithCallback(measurement ->
            counts.connections.forEach(
                (verdict, count) -> measurement.record(count, Attributes.of(VERDICT, verdict))));
    meter
        .counterBuilder("sallyport.findings")
        .setUnit("{finding}")
        .setDescription("Findings raised.")
        .buildWithCallback(measurement -> measurement.record(counts.findings.sum()));
  }

  private static void losses(Meter meter, AgentGauges gauges, LossSource own) {
    meter
        .counterBuilder("sallyport.events.lost")
        .setUnit("{event}")
        .setDescription("Events lost, by where and why.")
        .buildWithCallback(measurement -> {
          Set<LossSource> sources = new LinkedHashSet<>(gauges.lossSources());
          sources.add(own);
          // Two sources may tell of the same kind of loss; the SDK takes one value of each.
          Map<Attributes, Long> sums = new HashMap<>();
          for (LossSource source : sources) {
            source.losses().forEach(loss -> sums.merge(key(loss), loss.count(), Long::sum));
          }
          sums.forEach((key, count) -> measurement.record(count, key));
        });
  }

  private static Attributes key(Loss loss) {
    return Attributes.of(
        SemanticConventions.PROBE, loss.probe(), EVENT, loss.event(), REASON, loss.reason());
  }

  private static void queues(Meter meter, Queues queues, AgentGauges gauges) {
    meter
        .gaugeBuilder("sallyport.ring.usage")
        .setUnit("1")
        .setDescription("How full the ring buffer is.")
        .buildWithCallback(measurement -> measurement.record(gauges.ringUsage()));
    meter
        .gaugeBuilder("sallyport.export.queue")
        .ofLongs()
        .setUnit("{record}")
        .setDescription("Records that wait to be sent.")
        .buildWithCallback(measurement -> {
          measurement.record(queues.inMemory(), Attributes.of(QUEUE, "memory"));
          measurement.record(queues.onDisk(), Attributes.of(QUEUE, "disk"));
        });
  }

  private static void process(Meter meter) {
    meter
        .counterBuilder("process.cpu.time")
        .ofDoubles()
        .setUnit("s")
        .setDescription("CPU time of the agent.")
        .buildWithCallback(measurement ->
            ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(time -> measurement.record(time.toNanos() / 1e9)));
    meter
        .upDownCounterBuilder("process.memory.usage")
        .setUnit("By")
        .setDescription("Resident memory of the agent.")
        .buildWithCallback(measurement -> {
          long bytes = residentBytes();
          if (bytes > 0) {
            measurement.record(bytes);
          }
        });
  }

  // The second number of statm is the resident set, in pages.
  private static long residentBytes() {
    try {
      String[] numbers = Files.readString(Path.of("/proc/self/statm")).split(" ", 3);
      return Long.parseLong(numbers[1]) * PAGE_BYTES;
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
