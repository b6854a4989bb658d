package dev.sallyport.probe.network.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sallyport.testkit.lab.Lab;
import dev.sallyport.testkit.lab.LabExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real resolvers and TLS clients under the real kernel. */
@ExtendWith(LabExtension.class)
class NamesTest {

  private static final int HTTPS = 443;

  @BeforeAll
  static void kernel() {
    NetworkJob.assumeKernel();
  }

  @Test
  void curlIsSeenFromNameToServer(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.run(lab, "curl", "-4", "-sS", "-o", "/dev/null", "https://www.shop.example/");

    assertThat(job.named("dns.query"))
        .anySatisfy(event ->
            assertThat(event)
                .contains(
                    entry("program", "curl"),
                    entry("dns.question.name", "www.shop.example"),
                    entry("sallyport.dns.type", "A"),
                    entry("sallyport.dns.resolver", lab.resolverAddress()),
                    entry("sallyport.dns.response_code", "NOERROR"),
                    entry(
                        "dns.answers",
                        List.of("CNAME shop.cdn.example", lab.address("shop.cdn.example")))));
    assertThat(job.connects(HTTPS))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("server.address", "www.shop.example"),
                    entry("network.peer.address", lab.address("shop.cdn.example"))));
    assertThat(job.named("tls.client_hello"))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("tls.client.server_name", "www.shop.example"),
                    entry("sallyport.tls.alpn", List.of("h2", "http/1.1")),
                    entry("sallyport.tls.ech", false),
                    entry("network.peer.port", 443L)));
  }

  @Test
  void theNameIsThereForEveryContactHoweverQuick(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket
            for name in ('github.com', 'api.github.com', 'pypi.org', 'v4.example') * 50:
                address = socket.gethostbyname(name)
                s = socket.socket(); s.connect((address, 80)); s.close()
            """);

    assertThat(job.connects(80))
        .extracting(event -> event.get("server.address"))
        .containsExactlyInAnyOrder("github.com", "api.github.com", "pypi.org", "v4.example");
    assertThat(NetworkJob.sum(job.connects(80), "sallyport.network.connections")).isEqualTo(200);
  }

  @Test
  void dnsOverTcpIsRead(Lab lab) throws Exception {
    NetworkJob job = NetworkJob.run(lab, "dig", "+tcp", "+short", "long.example", "TXT");

    assertThat(job.named("dns.query"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event)
              .contains(
                  entry("dns.question.name", "long.example"),
                  entry("network.transport", "tcp"),
                  entry("sallyport.dns.response_code", "NOERROR"));
          assertThat((List<?>) event.get("dns.answers")).hasSizeGreaterThan(1);
        });
  }

  @Test
  void aCutAnswerOverUdpAndTheQueryAgainOverTcpAreTwo(Lab lab) throws Exception {
    NetworkJob job = NetworkJob.run(lab, "dig", "+noedns", "+short", "long.example", "TXT");

    assertThat(job.named("dns.query"))
        .extracting(event -> event.get("network.transport"))
        .containsExactly("udp", "tcp");
  }

  @Test
  void aNameThatIsNotThereIsToldSo(Lab lab) throws Exception {
    NetworkJob job = NetworkJob.run(lab, "dig", "+short", "no-such-name.example");

    assertThat(job.named("dns.query").getFirst())
        .containsEntry("sallyport.dns.response_code", "NXDOMAIN")
        .containsEntry("dns.answers", List.of());
  }

  @Test
  void aQueryBehindAnotherInOneSendIsSeen(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket, struct, sys
            def query(n, name):
                q = struct.pack('!HHHHHH', n, 0x100, 1, 0, 0, 0)
                for label in name.split('.'): q += bytes([len(label)]) + label.encode()
                return q + b'\\0' + struct.pack('!HH', 1, 1)
            first, second = query(1, 'aa.github.com'), query(2, 'bb.github.com')
            assert len(first) == len(second)
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setsockopt(socket.IPPROTO_UDP, 103, len(first))  # UDP_SEGMENT
            s.sendto(first + second, (sys.argv[1], 53))
            s.recv(500); s.recv(500)
            """,
            lab.resolverAddress());

    assertThat(job.named("dns.query"))
        .extracting(event -> event.get("dns.question.name"))
        .containsExactlyInAnyOrder("aa.github.com", "bb.github.com");
  }

  // Arguments: address. Sends a hello in parts of so many bytes, each a segment of its own.
  private static final String HELLO_IN_PARTS =
      """
      import socket, ssl, sys, time
      def hello(name):
          i, o = ssl.MemoryBIO(), ssl.MemoryBIO()
          c = ssl.create_default_context()
          c.set_alpn_protocols(['h2'])
          t = c.wrap_bio(i, o, server_hostname=name)
          try: t.do_handshake()
          except ssl.SSLWantReadError: pass
          return o.read()
      def send(address, port, data, size, before=b''):
          s = socket.create_connection((address, port))
          s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
          if before:
              s.sendall(before); s.recv(1000)
          for at in range(0, len(data), size): s.send(data[at:at + size])
          s.recv(10)
      """;

  @Test
  void aHelloInSmallSegmentsIsPutTogether(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            HELLO_IN_PARTS
                + """
                for size in (1, 2, 7, 100):
                    send(sys.argv[1], 443, hello('parts-%d.example' % size), size)
                """,
            lab.namelessAddress());

    assertThat(names(job))
        .containsExactlyInAnyOrder(
            "parts-1.example", "parts-2.example", "parts-7.example", "parts-100.example");
  }

  @Test
  void aHelloBehindAProxysGreetingIsFound(Lab lab) throws Exception {
    // The echo server answers whatever it is sent, as a proxy would.
    NetworkJob job =
        NetworkJob.python(
            lab,
            HELLO_IN_PARTS
                + """
                send(sys.argv[1], 7, hello('behind.example'), 9999,
                     b'CONNECT behind.example:443 HTTP/1.1\\r\\n\\r\\n')
                """,
            lab.namelessAddress());

    assertThat(names(job)).containsExactly("behind.example");
    assertThat(job.named("tls.client_hello").getFirst()).containsEntry("network.peer.port", 7L);
  }

  @Test
  void aHelloOfSixteenKibibytesIsRead(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            HELLO_IN_PARTS
                + """
                h = hello('large.example')
                body = h[9:]
                # A padding extension, so that the hello fills several segments and ring records.
                at = 34; at += 1 + body[at]; at += 2 + int.from_bytes(body[at:at+2], 'big')
                at += 1 + body[at]
                ext = int.from_bytes(body[at:at+2], 'big')
                pad = 15000
                body = (body[:at] + (ext + 4 + pad).to_bytes(2, 'big')
                        + b'\\x00\\x15' + pad.to_bytes(2, 'big') + b'\\0' * pad + body[at+2:])
                h = (b'\\x16\\x03\\x01' + (len(body) + 4).to_bytes(2, 'big')
                     + b'\\x01' + len(body).to_bytes(3, 'big') + body)
                send(sys.argv[1], 443, h, 99999)
                """,
            lab.namelessAddress());

    assertThat(names(job)).containsExactly("large.example");
  }

  @Test
  void whatIsNoTlsGivesNoHello(Lab lab) throws Exception {
    NetworkJob job = NetworkJob.run(lab, "curl", "-sS", "-o", "/dev/null", "http://github.com/");

    assertThat(job.named("tls.client_hello")).isEmpty();
    assertThat(job.connects(80)).hasSize(1);
  }

  private static List<Object> names(NetworkJob job) {
    return job.named("tls.client_hello").stream()
        .map((Map<String, Object> event) -> event.get("tls.client.server_name"))
        .toList();
  }
}
