package dev.sallyport.agent.export;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OtelExportTlsTest {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;

  @Test
  void sendsOverMutualTlsWithHeadersAndCompression() throws Exception {
    Pem server = pem("server");
    Pem client = pem("client");
    ServerCredentials credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(server.certificate.toFile(), server.key.toFile())
            .trustManager(client.certificate.toFile())
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build();
    try (OtlpReceiver receiver = new OtlpReceiver(0, credentials)) {
      Map<String, String> environment = new HashMap<>();
      environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "https://localhost:" + receiver.port());
      environment.put("OTEL_EXPORTER_OTLP_CERTIFICATE", server.certificate.toString());
      environment.put("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", client.certificate.toString());
      environment.put("OTEL_EXPORTER_OTLP_CLIENT_KEY", client.key.toString());
      environment.put("OTEL_EXPORTER_OTLP_HEADERS", "x-token=a%20s%3Decret,x-other=1");
      environment.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
      OtelExport export =
          OtelExportTest.open(OtelExportTest.settings(0, directory.resolve("spool"), environment));
      TestEvents events = new TestEvents();
      OtelExportTest.feed(export, events, events.process(1, null, "/bin/sh"), 3_000);
      export.finish(Duration.ofSeconds(30));

      assertThat(receiver.sequences).isEqualTo(OtelExportTest.oneTo(3_000));
      assertThat(receiver.headers)
          .isNotEmpty()
          .allSatisfy(headers -> assertThat(headers.get(TOKEN)).isEqualTo("a s=ecret"))
          .allSatisfy(headers ->
              assertThat(
                      headers.get(
                          Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)))
                  .isEqualTo("gzip"));
    }
  }

  @Test
  void serverThatIsNotTrustedGetsNothing() throws Exception {
    Pem server = pem("server");
    Pem other = pem("other");
    ServerCredentials credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(server.certificate.toFile(), server.key.toFile())
            .build();
    try (OtlpReceiver receiver = new OtlpReceiver(0, credentials)) {
      Map<String, String> environment = new HashMap<>();
      environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "https://localhost:" + receiver.port());
      environment.put("OTEL_EXPORTER_OTLP_CERTIFICATE", other.certificate.toString());
      OtelExport export =
          OtelExportTest.open(OtelExportTest.settings(0, directory.resolve("spool"), environment));
      OtelExportTest.feed(export, new TestEvents(), null, 10);
      OtelExportTest.until(() -> export.status().waiting() == 10);
      export.finish(Duration.ofSeconds(2));
      assertThat(receiver.logs).isEmpty();
      assertThat(export.status().waiting()).isEqualTo(10);
      assertThat(export.status().lastFailure()).startsWith("UNAVAILABLE");
    }
  }

  private record Pem(Path certificate, Path key) {}

  private Pem pem(String name) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    return new Pem(
        write(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded()),
        write(name + ".key", "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded()));
  }

  private Path write(String file, String type, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type),
        US_ASCII);
  }
}
