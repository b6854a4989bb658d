package dev.sallyport.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.AgentEvents;
import dev.sallyport.spi.runner.JobResult;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TracesAndMetricsTest {

  private static final TestEvents.Named EXEC =
      new TestEvents.Named("sallyport.process.exec", Map.of());
  private static final TestEvents.Named EXIT =
      new TestEvents.Named("sallyport.process.exit", Map.of());

  @TempDir Path directory;

  @Test
  void spansFormTheTreeOfJobStepsAndProcesses() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      OtelExport export = open(receiver);
      TestEvents events = new TestEvents();
      ProcessNode runner = events.process(1, null, "/opt/runner/Worker");
      export.accept(events.event(0, null, new AgentEvents.JobStarted()));
      export.accept(events.event(0, runner, EXEC));
      export.accept(events.event(1, null, new AgentEvents.StepStarted()));
      ProcessNode shell = events.process(2, runner, "/bin/sh");
      export.accept(events.event(1, shell, EXEC));
      ProcessNode fork = events.process(3, shell, "/bin/sh", true);
      ProcessNode env = events.process(4, fork, "/usr/bin/env");
      export.accept(events.event(1, env, EXEC));
      end(export, events, env, 0, 0, true);
      ProcessNode curl = events.process(5, env, "/usr/bin/curl");
      export.accept(events.event(1, curl, EXEC));
      export.accept(events.connect(curl));
      export.accept(events.connect(events.process(6, curl, "/usr/bin/curl", true)));
      end(export, events, curl, 7, 0, false);
      end(export, events, shell, 0, 9, false);
      export.accept(events.event(1, null, new AgentEvents.StepEnded(JobResult.FAILURE)));
      export.accept(events.event(0, null, new AgentEvents.JobEnded(JobResult.FAILURE)));
      ProcessNode daemon = events.process(7, shell, "/usr/sbin/daemon");
      export.accept(events.event(1, daemon, EXEC));
      export.finish(Duration.ofSeconds(30));

      Map<String, Span> spans = new HashMap<>();
      receiver.spans.forEach(span -> spans.put(span.getName(), span));
      assertThat(spans)
          .containsOnlyKeys("test (linux)", "Run tests", "Worker", "sh", "env", "curl", "daemon");
      assertThat(receiver.spans).hasSize(7);
      Span job = span(spans, "test (linux)");
      assertThat(job.getParentSpanId()).isEqualTo(ByteString.EMPTY);
      assertThat(job.getStartTimeUnixNano()).isEqualTo(TestEvents.START);
      assertThat(parent(spans, "Run tests")).isEqualTo("test (linux)");
      assertThat(parent(spans, "Worker")).isEqualTo("test (linux)");
      assertThat(parent(spans, "sh")).isEqualTo("Run tests");
      assertThat(parent(spans, "env")).isEqualTo("sh");
      assertThat(parent(spans, "curl")).isEqualTo("env");
      assertThat(receiver.spans)
          .allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(job.getTraceId()));
      assertThat(job.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(span(spans, "env").getStatus().getCode())
          .isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(span(spans, "curl").getStatus().getMessage()).isEqualTo("exit code 7");
      assertThat(span(spans, "sh").getStatus().getMessage()).isEqualTo("signal 9");
      assertThat(span(spans, "sh").getEndTimeUnixNano())
          .isGreaterThan(span(spans, "sh").getStartTimeUnixNano());
      assertThat(span(spans, "daemon").getAttributesList())
          .anySatisfy(
              attribute -> assertThat(attribute.getKey()).isEqualTo("sallyport.unfinished"));

      List<LogRecord> connects =
          receiver.records().stream()
              .filter(record -> record.getEventName().equals("sallyport.network.connect"))
              .toList();
      assertThat(connects)
          .hasSize(2)
          .allSatisfy(
              record -> assertThat(record.getSpanId()).isEqualTo(span(spans, "curl").getSpanId()));
    }
  }

  @Test
  void idsAreStableDistinctAndNeverZero() {
    Set<String> spans = new HashSet<>();
    Set<String> traces = new HashSet<>();
    for (long id = 0; id < 2_000; id++) {
      TestEvents events = new TestEvents(id);
      String trace = TraceIds.traceId(events.job);
      assertThat(trace).isEqualTo(TraceIds.traceId(new TestEvents(id).job));
      traces.add(trace);
      assertThat(TraceIds.job(events.job, trace).isValid()).isTrue();
      for (int step = 0; step < 5; step++) {
        spans.add(TraceIds.step(events.job, trace, step).getSpanId());
        spans.add(TraceIds.process(events.job, trace, step).getSpanId());
      }
    }
    assertThat(traces).hasSize(2_000);
    assertThat(spans).hasSize(20_000);
    assertThat(TraceIds.mix(0)).isNotZero();
  }

  @Test
  void metricsTellOfEventsLossesConnectionsAndTheAgent() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      OtelExport export = open(receiver);
      TestEvents events = new TestEvents();
      for (int i = 0; i < 10; i++) {
        export.accept(events.connect(null));
      }
      export.accept(events.event(1, null, new TestEvents.Named("sallyport.finding", Map.of())));
      export.finish(Duration.ofSeconds(30));

      Map<String, Metric> metrics = new HashMap<>();
      receiver.metrics.forEach(request ->
          request
              .getResourceMetricsList()
              .forEach(resource ->
                  resource
                      .getScopeMetricsList()
                      .forEach(scope ->
                          scope
                              .getMetricsList()
                              .forEach(metric -> metrics.put(metric.getName(), metric)))));
      assertThat(metrics)
          .containsOnlyKeys(
              "sallyport.events",
              "sallyport.events.lost",
              "sallyport.connections",
              "sallyport.findings",
              "sallyport.ring.usage",
              "sallyport.export.queue",
              "process.cpu.time",
              "process.memory.usage");
      assertThat(sum(metrics, "sallyport.events")).isEqualTo(11);
      assertThat(sum(metrics, "sallyport.events.lost")).isEqualTo(3);
      assertThat(sum(metrics, "sallyport.connections")).isEqualTo(10);
      assertThat(sum(metrics, "sallyport.findings")).isEqualTo(1);
      assertThat(sum(metrics, "process.memory.usage")).isGreaterThan(1 << 20);
      Metric usage = metrics.get("sallyport.ring.usage");
      assertThat(usage).isNotNull();
      assertThat(usage.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(0.25);
    }
  }

  private OtelExport open(OtlpReceiver receiver) {
    return OtelExportTest.open(
        OtelExportTest.settings(receiver.port(), directory.resolve("spool"), Map.of()));
  }

  private static void end(
      OtelExport export,
      TestEvents events,
      ProcessNode node,
      int code,
      int signal,
      boolean replaced) {
    var event = events.event(1, node, EXIT);
    node.ended(new ProcessNode.Exit(event.timeUnixNanos(), code, signal, replaced));
    export.accept(event);
  }

  private static Span span(Map<String, Span> spans, String name) {
    Span span = spans.get(name);
    assertThat(span).as(name).isNotNull();
    return span;
  }

  private static String parent(Map<String, Span> spans, String name) {
    ByteString parent = span(spans, name).getParentSpanId();
    return spans.values().stream()
        .filter(span -> span.getSpanId().equals(parent))
        .map(Span::getName)
        .findFirst()
        .orElse("none");
  }

  private static long sum(Map<String, Metric> metrics, String name) {
    Metric metric = metrics.get(name);
    assertThat(metric).as(name).isNotNull();
    return metric.getSum().getDataPointsList().stream().mapToLong(point -> point.getAsInt()).sum();
  }
}
