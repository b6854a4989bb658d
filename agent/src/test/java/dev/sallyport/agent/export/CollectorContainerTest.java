package dev.sallyport.agent.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.sallyport.agent.correlation.ProcessNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** The stock OpenTelemetry Collector takes what the agent sends. */
@Timeout(300)
class CollectorContainerTest {

  private static final String IMAGE = "otel/opentelemetry-collector:0.140.0";

  private static final String CONFIGURATION =
      """
      receivers: {otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}}
      exporters: {debug: {verbosity: detailed}}
      service:
        pipelines:
          logs: {receivers: [otlp], exporters: [debug]}
          traces: {receivers: [otlp], exporters: [debug]}
          metrics: {receivers: [otlp], exporters: [debug]}
      """;

  @TempDir Path directory;

  @Test
  void stockCollectorShowsEventsSpansAndMetrics() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      System.out.println("CollectorContainerTest skipped: no Docker daemon can be reached");
      abort("no Docker daemon can be reached");
    }
    ToStringConsumer output = new ToStringConsumer();
    try (GenericContainer<?> collector =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withExposedPorts(4317)
            .withCopyToContainer(Transferable.of(CONFIGURATION), "/etc/otelcol/config.yaml")
            .withLogConsumer(output)) {
      try {
        collector.start();
      } catch (ContainerFetchException e) {
        System.out.println("CollectorContainerTest skipped: image " + IMAGE + " cannot be had");
        abort("image " + IMAGE + " cannot be had");
      }
      OtelExport export =
          OtelExportTest.open(
              OtelExportTest.settings(
                  0,
                  directory.resolve("spool"),
                  Map.of(
                      "OTEL_EXPORTER_OTLP_ENDPOINT",
                      "http://" + collector.getHost() + ":" + collector.getMappedPort(4317))));
      TestEvents events = new TestEvents();
      ProcessNode shell = events.process(2, null, "/bin/sh");
      export.accept(
          events.event(1, shell, new TestEvents.Named("sallyport.process.exec", Map.of())));
      export.accept(events.connect(shell));
      export.finish(Duration.ofSeconds(30));

      assertThat(export.losses()).noneMatch(loss -> !loss.event().equals("metric"));
      OtelExportTest.until(() ->
          output.toUtf8String().contains("sallyport.network.connect")
              && output.toUtf8String().contains("sallyport.process.ancestors")
              && output.toUtf8String().contains("sallyport.ring.usage")
              && output.toUtf8String().contains("Span #0"));
    }
  }
}
