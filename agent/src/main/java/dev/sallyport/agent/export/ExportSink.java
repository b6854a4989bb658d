package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.ProbeEvent;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Encodes and sends, on the export's thread. All of OpenTelemetry and gRPC is loaded here. */
final class ExportSink implements EventWorker.Sink {

  private static final int SPANS_IN_REQUEST = 512;

  private final Map<Signal, Delivery> deliveries;
  private final Map<Target, OtlpChannel> channels = new HashMap<>();
  private final AttributeNames names = new AttributeNames();
  private final RecordMapper mapper;
  private final TraceBuilder traces;
  private final AgentMeters.Counts counts;

  private final List<EventRecord> records = new ArrayList<>();
  private int used;
  private int characters;
  private long lastUnixNanos;

  private @Nullable RequestEncoder logEncoder;
  private @Nullable LogRecordExporter logExporter;
  private @Nullable RequestEncoder spanEncoder;
  private @Nullable SpanExporter spanExporter;
  private @Nullable SdkMeterProvider meters;
  private @Nullable String fault;

  ExportSink(
      ExportSettings settings,
      AgentIdentity identity,
      AgentGauges gauges,
      Map<Signal, Spool> spools,
      AgentMeters.Counts counts,
      EventWorker worker,
      LossSource own) {
    Resource agent = identity.resource();
    this.mapper = new RecordMapper(agent);
    this.traces = new TraceBuilder(mapper, names);
    this.counts = counts;
    this.deliveries = connect(settings, spools);
    Delivery logs = deliveries.get(Signal.LOGS);
    if (logs != null) {
      RequestEncoder encoder = new RequestEncoder(logs, worker::pressed);
      logEncoder = encoder;
      logExporter = encoder.logs();
    }
    Delivery spans = deliveries.get(Signal.TRACES);
    if (spans != null) {
      RequestEncoder encoder = new RequestEncoder(spans, worker::pressed);
      spanEncoder = encoder;
      spanExporter = encoder.traces();
    }
    Delivery metrics = deliveries.get(Signal.METRICS);
    if (metrics != null) {
      meters =
          AgentMeters.open(
              agent,
              new RequestEncoder(metrics, () -> true).metrics(),
              settings.metricInterval(),
              counts,
              new Queues(worker),
              gauges,
              own);
    }
  }

  Map<Signal, Delivery> deliveries() {
    return deliveries;
  }

  /** {@return why no connection could be set up, null when all is well} */
  @Nullable String fault() {
    return fault;
  }

  @Override
  public void take(ObservedEvent event) {
    if (fault != null && logExporter == null) {
      throw new IllegalStateException(fault); // counted by the worker, shown by the status
    }
    EventRecord record = nextRecord();
    mapper.map(event, record);
    used++;
    characters += record.attributes.totalCharacters() + Limits.RECORD_OVERHEAD;
    lastUnixNanos = event.timeUnixNanos();
    count(event.event(), record);
    if (spanExporter != null) {
      traces.accept(event);
    }
    if (characters >= Limits.REQUEST_CHARACTERS || used == EventWorker.BATCH) {
      flushRecords();
    }
    if (traces.endedCount() >= SPANS_IN_REQUEST) {
      flushSpans();
    }
  }

  @Override
  public void flush() {
    flushRecords();
    flushSpans();
  }

  @Override
  public void end(long deadlineNanos) {
    traces.finish(lastUnixNanos);
    flush();
    if (meters != null) {
      long left = Math.max(1, deadlineNanos - System.nanoTime());
      meters.shutdown().join(left, TimeUnit.NANOSECONDS);
    }
    for (Delivery delivery : deliveries.values()) {
      delivery.finish(deadlineNanos);
    }
    channels.values().forEach(OtlpChannel::close);
  }

  // Settings were checked when they were read; a certificate may have changed since.
  private Map<Signal, Delivery> connect(ExportSettings settings, Map<Signal, Spool> spools) {
    Map<Signal, Delivery> made = new EnumMap<>(Signal.class);
    for (Map.Entry<Signal, Target> entry : settings.targets().entrySet()) {
      Spool spool = spools.get(entry.getKey());
      if (spool == null) {
        continue;
      }
      try {
        OtlpChannel channel = channels.get(entry.getValue());
        if (channel == null) {
          channel = OtlpChannel.open(entry.getValue());
          channels.put(entry.getValue(), channel);
        }
        made.put(entry.getKey(), new Delivery(entry.getKey(), channel, spool));
      } catch (IOException | IllegalArgumentException e) {
        fault = "cannot connect to " + entry.getValue() + ": " + e.getMessage();
      }
    }
    return made;
  }

  private EventRecord nextRecord() {
    if (used == records.size()) {
      records.add(new EventRecord(names));
    }
    return records.get(used);
  }

  private void count(ProbeEvent event, EventRecord record) {
    String verdict = record.attributes.verdict();
    if (verdict != null && event.name().equals(SemanticConventions.CONNECT_EVENT)) {
      counts.connections.add(verdict);
    } else if (event.name().equals(SemanticConventions.FINDING_EVENT)) {
      counts.findings.increment();
    }
  }

  private void flushRecords() {
    if (used > 0 && logExporter != null && logEncoder != null) {
      logEncoder.announce(used);
      logExporter.export(List.<LogRecordData>copyOf(records.subList(0, used)));
    }
    used = 0;
    characters = 0;
  }

  private void flushSpans() {
    List<SpanRecord> ended = traces.takeEnded();
    List<SpanData> request = new ArrayList<>();
    int size = 0;
    for (SpanRecord span : ended) {
      request.add(span);
      size += span.attributes().totalCharacters() + Limits.RECORD_OVERHEAD;
      if (size >= Limits.REQUEST_CHARACTERS) {
        send(request);
        request = new ArrayList<>();
        size = 0;
      }
    }
    send(request);
  }

  private void send(List<SpanData> spans) {
    if (!spans.isEmpty() && spanExporter != null && spanEncoder != null) {
      spanEncoder.announce(spans.size());
      spanExporter.export(spans);
    }
  }

  private final class Queues implements AgentMeters.Queues {
    private final EventWorker worker;

    Queues(EventWorker worker) {
      this.worker = worker;
    }

    @Override
    public long inMemory() {
      return worker.waiting();
    }

    @Override
    public long onDisk() {
      long owed = 0;
      for (Delivery delivery : deliveries.values()) {
        owed += delivery.spool().owed();
      }
      return owed;
    }
  }
}
