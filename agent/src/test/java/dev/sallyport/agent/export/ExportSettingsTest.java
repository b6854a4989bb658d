package dev.sallyport.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportSettingsTest {

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  @TempDir Path directory;

  @Test
  void nothingIsExportedUnlessAskedFor() {
    assertThat(read(Map.of(), null)).isInstanceOf(ExportSettings.Disabled.class);
    assertThat(read(Map.of(ENDPOINT, " "), null)).isInstanceOf(ExportSettings.Disabled.class);
    assertThat(read(Map.of("OTEL_SDK_DISABLED", "true"), "http://h:1"))
        .isInstanceOf(ExportSettings.Disabled.class);
  }

  @Test
  void optionGoesBeforeVariablesAndSignalsBeforeTheCommonOnes() {
    Map<String, String> environment =
        Map.of(
            ENDPOINT,
            "http://common:1",
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
            "https://logs",
            "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT",
            "1500",
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            "gzip",
            "OTEL_TRACES_EXPORTER",
            "none");
    Map<Signal, Target> targets = enabled(environment, null).targets();
    assertThat(targets).containsOnlyKeys(Signal.LOGS, Signal.METRICS);
    assertThat(targets.get(Signal.LOGS)).hasToString("https://logs:4317");
    assertThat(targets.get(Signal.LOGS).timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(targets.get(Signal.METRICS)).hasToString("http://common:1");
    assertThat(targets.get(Signal.METRICS).gzip()).isTrue();
    assertThat(enabled(environment, "http://[::1]:9").targets().get(Signal.LOGS))
        .hasToString("http://[::1]:9");
  }

  @Test
  void headersAreDecodedAndNeverShown() {
    ExportSettings settings =
        enabled(
            Map.of(
                ENDPOINT,
                "http://h:1",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "Authorization=Bearer%20a+b==, x-b = 2 ,"),
            null);
    assertThat(settings.targets().get(Signal.LOGS).headers())
        .containsExactlyInAnyOrderEntriesOf(Map.of("authorization", "Bearer a+b==", "x-b", "2"));
    assertThat(settings.toString()).doesNotContain("Bearer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OTEL_EXPORTER_OTLP_ENDPOINT      | collector:4317            | OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317'; expected http://HOST:PORT or https://HOST:PORT of an OTLP/gRPC receiver
          OTEL_EXPORTER_OTLP_ENDPOINT      | http://h:4318/v1/logs     | OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:4318/v1/logs' has a path, as OTLP/HTTP has; expected http://HOST:PORT or https://HOST:PORT of an OTLP/gRPC receiver
          OTEL_EXPORTER_OTLP_ENDPOINT      | http://u:secret@h:1       | OTEL_EXPORTER_OTLP_ENDPOINT: holds credentials; expected http://HOST:PORT or https://HOST:PORT of an OTLP/gRPC receiver, with credentials in OTEL_EXPORTER_OTLP_HEADERS
          OTEL_EXPORTER_OTLP_PROTOCOL      | http/protobuf             | OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf'; expected grpc, the only protocol that is offered
          OTEL_EXPORTER_OTLP_COMPRESSION   | zstd                      | OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd'; expected gzip or none
          OTEL_EXPORTER_OTLP_LOGS_TIMEOUT  | 10s                       | OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '10s'; expected milliseconds from 1 to 2147483647
          OTEL_EXPORTER_OTLP_HEADERS       | a=1,secret                | OTEL_EXPORTER_OTLP_HEADERS: entry 2 is not NAME=VALUE; expected NAME=VALUE,… with header names
          OTEL_EXPORTER_OTLP_HEADERS       | a=%0d%0ax                 | OTEL_EXPORTER_OTLP_HEADERS: the value of entry 1 is malformed; expected printable ASCII, percent-encoded
          OTEL_RESOURCE_ATTRIBUTES         | a=1,b                     | OTEL_RESOURCE_ATTRIBUTES: 'b' is not key=value; expected key=value,…
          OTEL_LOGS_EXPORTER               | console                   | OTEL_LOGS_EXPORTER: 'console'; expected otlp or none
          OTEL_EXPORTER_OTLP_CERTIFICATE   | /no/such.pem              | OTEL_EXPORTER_OTLP_CERTIFICATE: /no/such.pem cannot be read (NoSuchFile); expected a file of certificates in PEM
          """)
  void badValueIsOneLine(String variable, String value, String line) {
    Map<String, String> environment = new java.util.HashMap<>();
    environment.put(ENDPOINT, "http://h:1");
    environment.put(variable, value);
    assertThat(read(environment, null)).isEqualTo(new ExportSettings.Invalid(line));
  }

  @Test
  void fileThatIsNoCertificateIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), "hello");
    ExportSettings.Result result =
        read(
            Map.of(ENDPOINT, "https://h:1", "OTEL_EXPORTER_OTLP_CERTIFICATE", file.toString()),
            null);
    assertThat(result).isInstanceOf(ExportSettings.Invalid.class);
    assertThat(((ExportSettings.Invalid) result).line())
        .startsWith("OTEL_EXPORTER_OTLP_CERTIFICATE: " + file);
  }

  @Test
  void partialSuccessIsRead() {
    assertThat(PartialSuccess.refused(null, 9)).isZero();
    assertThat(PartialSuccess.refused(new byte[0], 9)).isZero();
    byte[] response =
        io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(300)
                    .setErrorMessage("no"))
            .build()
            .toByteArray();
    assertThat(PartialSuccess.refused(response, 1_000)).isEqualTo(300);
    assertThat(PartialSuccess.refused(response, 100)).isEqualTo(100);
    for (int i = 0; i < response.length; i++) {
      byte[] damaged = response.clone();
      damaged[i] = (byte) 0xff;
      assertThat(PartialSuccess.refused(damaged, 5)).isBetween(0, 5);
    }
  }

  private ExportSettings enabled(Map<String, String> environment, String option) {
    ExportSettings.Result result = read(environment, option);
    assertThat(result).isInstanceOf(ExportSettings.Enabled.class);
    return ((ExportSettings.Enabled) result).settings();
  }

  private ExportSettings.Result read(Map<String, String> environment, String option) {
    return ExportSettings.fromEnvironment(environment, option, directory.resolve("spool"));
  }
}
