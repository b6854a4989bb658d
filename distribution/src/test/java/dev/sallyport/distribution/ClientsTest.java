package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.distribution.Sallyport.Event;
import dev.sallyport.testkit.lab.Lab;
import dev.sallyport.testkit.lab.LabClients;
import dev.sallyport.testkit.lab.LabExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real clients in the lab: each connection and each question is an event that says whose it was.
 */
@ExtendWith(LabExtension.class)
class ClientsTest {

  private static final String CONNECT = "sallyport.network.connect";
  private static final String DNS = "sallyport.dns.query";
  private static final String HELLO = "sallyport.tls.client_hello";

  @TempDir private Path directory;

  @BeforeAll
  static void machine() throws Exception {
    Sallyport.Result doctor = Sallyport.call(Map.of(), List.of("doctor"));
    if (doctor.status() != 0) {
      System.out.println("skipped: " + doctor.output());
    }
    assumeTrue(doctor.status() == 0, doctor.output());
  }

  @Test
  void curl(Lab lab) throws Exception {
    List<Event> events = observe(lab, "curl", "-sf4", "-o", "/dev/null", "https://github.com/");
    assertContact(events, "curl", "github.com", lab.address("github.com"));
    assertThat(events)
        .as("arguments, as given")
        .anyMatch(event ->
            event.name().equals(CONNECT)
                && event
                    .get("process.command_args")
                    .equals("curl -sf4 -o /dev/null https://github.com/"));
  }

  @Test
  void curlOverIpv6(Lab lab) throws Exception {
    List<Event> events = observe(lab, "curl", "-sf6", "-o", "/dev/null", "https://github.com/");
    assertContact(events, "curl", "github.com", lab.address6("github.com"));
    assertThat(one(events, CONNECT, "server.address", "github.com").get("network.type"))
        .isEqualTo("ipv6");
  }

  @Test
  void gitClone(Lab lab) throws Exception {
    Path clone = directory.resolve("app");
    List<Event> events =
        observe(lab, "git", "clone", "-q", "https://github.com/acme/app.git", clone.toString());
    assertContact(events, "git-remote-http", "github.com", null);
    assertThat(
            one(events, CONNECT, "server.address", "github.com").get("sallyport.process.ancestors"))
        .as("nearest first")
        .matches("\\S*/git( \\S*/git)* .*");
  }

  @Test
  void node(Lab lab) throws Exception {
    assumeTool("node");
    List<Event> events =
        observe(
            lab,
            "node",
            "-e",
            "require('https').get('https://registry.npmjs.org/', r => r.resume())");
    assertContact(events, "node", "registry.npmjs.org", null);
  }

  @Test
  void python(Lab lab) throws Exception {
    assumeTool("python3");
    List<Event> events =
        observe(
            lab,
            "/usr/bin/python3",
            "-c",
            "import urllib.request as u; u.urlopen('https://pypi.org/').read()");
    assertContact(events, "python3", "pypi.org", null);
  }

  @Test
  void openssl(Lab lab) throws Exception {
    List<Event> events =
        observe(
            lab,
            "openssl",
            "s_client",
            "-connect",
            "api.github.com:443",
            "-servername",
            "api.github.com",
            "-alpn",
            "http/1.1");
    assertContact(events, "openssl", "api.github.com", null);
    Event hello = one(events, HELLO, "tls.client.server_name", "api.github.com");
    assertThat(hello.get("sallyport.tls.alpn")).isEqualTo("http/1.1");
  }

  @Test
  void go(Lab lab) throws Exception {
    if (!(LabClients.go(directory) instanceof LabClients.Client.Built(Path program))) {
      System.out.println("skipped: no Go here");
      assumeTrue(false, "no Go here");
      return;
    }
    List<Event> events = observe(lab, program.toString(), "https://github.com/");
    assertContact(events, program.getFileName().toString(), "github.com", null);
  }

  @Test
  void dig(Lab lab) throws Exception {
    List<Event> udp = observe(lab, "dig", "+short", "github.com", "MX");
    assertThat(one(udp, DNS, "dns.question.name", "github.com").get("sallyport.dns.type"))
        .isEqualTo("MX");
    List<Event> tcp = observe(lab, "dig", "+tcp", "+short", "www.shop.example", "A");
    Event query = one(tcp, DNS, "dns.question.name", "www.shop.example");
    assertThat(query.get("network.transport")).isEqualTo("tcp");
    assertThat(query.get("sallyport.dns.resolver")).isEqualTo(lab.resolverAddress());
    assertThat(query.get("dns.answers")).contains(lab.address("www.shop.example"));
    assertThat(query.get("process.executable.name")).isEqualTo("dig");
  }

  /** Runs a command in the lab under sallyport; its events, all of them of one job. */
  private List<Event> observe(Lab lab, String... command) throws Exception {
    Path file = directory.resolve("events.jsonl");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--events",
                file.toString(),
                "--repository",
                "acme/app",
                "--workflow",
                "ci",
                "--job",
                "clients",
                "--"));
    arguments.addAll(lab.command(command));
    Sallyport.Result result = Sallyport.call(lab.environment(), arguments);
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.errors()).contains("Nothing was lost.");
    List<Event> events = Sallyport.events(file);
    Files.delete(file);
    String job = events.getFirst().get("sallyport.job.id");
    assertThat(events).allMatch(event -> event.get("sallyport.job.id").equals(job));
    assertThat(events)
        .allMatch(event -> "acme/app".equals(path(event.resource())))
        .allMatch(event -> event.get("cicd.pipeline.task.name").equals("clients"));
    return events;
  }

  private static String path(Map<String, String> resource) {
    return resource.get("vcs.owner.name") + "/" + resource.get("vcs.repository.name");
  }

  /** A question, a connection and a server name, all of them of the program. */
  private static void assertContact(
      List<Event> events, String program, String name, String address) {
    Event connect = one(events, CONNECT, "server.address", name);
    assertThat(connect.get("process.executable.name")).startsWith(program);
    assertThat(connect.get("network.peer.port")).isEqualTo("443");
    assertThat(connect.get("network.transport")).isEqualTo("tcp");
    assertThat(connect.get("sallyport.step.id")).isEqualTo("1");
    assertThat(Long.parseLong(connect.get("sallyport.network.bytes_sent"))).isPositive();
    assertThat(Long.parseLong(connect.get("sallyport.network.bytes_received"))).isPositive();
    if (address != null) {
      assertThat(connect.get("network.peer.address")).isEqualTo(address);
    }
    assertThat(events)
        .as("the question that it was learned by")
        .anyMatch(event ->
            event.get("dns.question.name").equals(name)
                && event.get("dns.answers").contains(connect.get("network.peer.address")));
    Event hello = one(events, HELLO, "tls.client.server_name", name);
    assertThat(hello.get("network.peer.address")).isEqualTo(connect.get("network.peer.address"));
    assertThat(hello.get("process.pid")).isEqualTo(connect.get("process.pid"));
  }

  /** The first event of a name with an attribute, of those with an answer if it is a question. */
  private static Event one(List<Event> events, String name, String key, String value) {
    List<Event> found =
        events.stream()
            .filter(event -> event.name().equals(name) && event.get(key).equals(value))
            .toList();
    assertThat(found).as("%s with %s = %s", name, key, value).isNotEmpty();
    return found.stream()
        .filter(event -> !name.equals(DNS) || !event.get("dns.answers").isEmpty())
        .findFirst()
        .orElse(found.getFirst());
  }

  private static void assumeTool(String name) throws Exception {
    boolean there = new ProcessBuilder("sh", "-c", "command -v " + name).start().waitFor() == 0;
    if (!there) {
      System.out.println("skipped: no " + name);
    }
    assumeTrue(there, "no " + name);
  }
}
