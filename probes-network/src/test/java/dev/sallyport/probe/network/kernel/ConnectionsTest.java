package dev.sallyport.probe.network.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sallyport.testkit.lab.Lab;
import dev.sallyport.testkit.lab.LabExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real sockets of every kind under the real kernel: each is seen, and its bytes add up. */
@ExtendWith(LabExtension.class)
class ConnectionsTest {

  private static final int ECHO = 7;

  // Sends so many bytes to an echo server and reads them back. Arguments: address, bytes.
  private static final String ECHO_CLIENT =
      """
      import socket, sys
      def echo(s, count):
          s.sendall(b'x' * count)
          s.shutdown(socket.SHUT_WR)
          got = 0
          while data := s.recv(65536): got += len(data)
          assert got == count, got
          s.close()
      """;

  @BeforeAll
  static void kernel() {
    NetworkJob.assumeKernel();
  }

  @Test
  void bytesOfTcpAreExactOverBothFamilies(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            ECHO_CLIENT
                + """
                for address, count in ((sys.argv[1], 1_000_003), (sys.argv[2], 500_009)):
                    echo(socket.create_connection((address, 7)), count)
                """,
            lab.namelessAddress(),
            lab.namelessAddress6());

    List<Map<String, Object>> connects = job.connects(ECHO);
    assertThat(connects)
        .extracting(event -> event.get("network.peer.address"))
        .containsExactlyInAnyOrder(lab.namelessAddress(), lab.namelessAddress6());
    assertThat(connects)
        .allSatisfy(event ->
            assertThat(event)
                .contains(
                    entry("network.transport", "tcp"),
                    entry("sallyport.network.result", "established"),
                    entry("sallyport.network.connections", 1L))
                .doesNotContainKey("server.address"));
    assertThat(connects)
        .extracting(event -> event.get("sallyport.network.bytes_sent"))
        .containsExactlyInAnyOrder(1_000_003L, 500_009L);
    assertThat(connects)
        .extracting(event -> event.get("sallyport.network.bytes_received"))
        .containsExactlyInAnyOrder(1_000_003L, 500_009L);
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsIpv4(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            ECHO_CLIENT
                + """
                s = socket.socket(socket.AF_INET6)
                s.connect(('::ffff:' + sys.argv[1], 7))
                echo(s, 10)
                u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
                u.sendto(b'hello', ('::ffff:' + sys.argv[1], 7))
                u.recv(10)
                """,
            lab.namelessAddress());

    assertThat(job.connects(ECHO))
        .hasSize(2)
        .allSatisfy(event ->
            assertThat(event)
                .containsEntry("network.type", "ipv4")
                .containsEntry("network.peer.address", lab.namelessAddress()));
  }

  @Test
  void aMultipathConnectionIsOneEventWithItsBytes(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            ECHO_CLIENT
                + """
                s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
                s.connect((sys.argv[1], 7))
                echo(s, 70_001)
                """,
            lab.namelessAddress());

    assertThat(job.connects(ECHO))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("sallyport.network.connections", 1L),
                    entry("sallyport.network.bytes_sent", 70_001L),
                    entry("sallyport.network.bytes_received", 70_001L),
                    entry("sallyport.network.result", "established")));
  }

  @Test
  void fastOpenAndNonBlockingConnectsAreSeen(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            ECHO_CLIENT
                + """
                import select
                s = socket.socket()
                s.sendto(b'', socket.MSG_FASTOPEN, (sys.argv[1], 7))
                echo(s, 11)
                s = socket.socket()
                s.setblocking(False)
                assert s.connect_ex((sys.argv[1], 7)) == 115
                select.select([], [s], [])
                s.setblocking(True)
                echo(s, 22)
                """,
            lab.namelessAddress());

    assertThat(job.connects(ECHO))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("sallyport.network.connections", 2L),
                    entry("sallyport.network.bytes_sent", 33L)));
  }

  @Test
  void refusedAndRoutelessConnectsAreSeen(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket, sys
            for address, port in ((sys.argv[1], 4), ('::1', 5)):
                try: socket.create_connection((address, port))
                except ConnectionRefusedError: continue
                raise SystemExit('not refused')
            s = socket.socket()
            try: s.connect(('255.255.255.255', 6)); raise SystemExit('broadcast?')
            except OSError: pass
            """,
            lab.namelessAddress());

    assertThat(job.connects(4)).extracting(e -> result(e)).containsExactly("refused");
    assertThat(job.connects(5)).extracting(e -> result(e)).containsExactly("refused");
    assertThat(job.connects(6)).extracting(e -> result(e)).containsExactly("failed");
  }

  @Test
  void datagramsToTwoPlacesInTurnAddUp(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for i in range(2000):
                for address, size in ((sys.argv[1], 10), (sys.argv[2], 1000)):
                    s.sendto(b'x' * size, (address, 7))
                    s.recv(2000)
            """,
            lab.namelessAddress(),
            lab.rogueResolverAddress());

    Map<Object, Map<String, Object>> byPeer =
        job.connects(ECHO).stream()
            .collect(Collectors.toMap(event -> event.get("network.peer.address"), event -> event));
    assertThat(byPeer).hasSize(2);
    assertThat(byPeer.get(lab.namelessAddress()))
        .contains(
            entry("network.transport", "udp"),
            entry("sallyport.network.bytes_sent", 20_000L),
            entry("sallyport.network.bytes_received", 20_000L),
            entry("sallyport.network.result", "sent"));
    assertThat(byPeer.get(lab.rogueResolverAddress()))
        .contains(
            entry("sallyport.network.bytes_sent", 2_000_000L),
            entry("sallyport.network.bytes_received", 2_000_000L));
  }

  @Test
  void threadsThatShareASocketLoseNoByte(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket, sys, threading
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            def send(port):
                for i in range(5000): s.sendto(b'x' * 100, ('127.0.0.1', port))
            threads = [threading.Thread(target=send, args=(9001 + i,)) for i in range(4)]
            for t in threads: t.start()
            for t in threads: t.join()
            """);

    for (int port = 9001; port < 9005; port++) {
      assertThat(NetworkJob.sum(job.connects(port), "sallyport.network.bytes_sent"))
          .as("port %d", port)
          .isEqualTo(500_000);
    }
  }

  @Test
  void aConnectOfUdpAloneIsNoContact(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket, sys
            for i in range(3):
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.connect((sys.argv[1], 7))
            """,
            lab.namelessAddress());

    assertThat(job.events()).isEmpty();
  }

  @Test
  void serversAndTheirClientsAreSeen(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket
            l = socket.socket(); l.bind(('127.0.0.1', 8099)); l.listen()
            for i in range(3):
                c = socket.create_connection(('127.0.0.1', 8099)); a, _ = l.accept()
                c.sendall(b'12345'); assert a.recv(9) == b'12345'; a.sendall(b'67')
                assert c.recv(9) == b'67'
                c.close(); a.close()
            """);

    assertThat(job.named("network.listen"))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("network.local.address", "127.0.0.1"),
                    entry("network.local.port", 8099L)));
    assertThat(job.named("network.accept"))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("network.local.address", "127.0.0.1"),
                    entry("network.local.port", 8099L),
                    entry("network.peer.address", "127.0.0.1"),
                    entry("sallyport.network.connections", 3L),
                    entry("sallyport.network.bytes_sent", 6L),
                    entry("sallyport.network.bytes_received", 15L)));
    assertThat(job.connects(8099))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("sallyport.network.bytes_sent", 15L),
                    entry("sallyport.network.bytes_received", 6L)));
  }

  @Test
  void rawAndPacketSocketsAndWhatTheySend(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket, struct, sys
            def checksum(d):
                s = sum(struct.unpack('!%dH' % (len(d) // 2), d))
                s = (s >> 16) + (s & 0xffff); return ~(s + (s >> 16)) & 0xffff
            def echo():
                d = struct.pack('!BBHHH', 8, 0, 0, 1, 1) + b'12345678'
                return d[:2] + struct.pack('!H', checksum(d)) + d[4:]
            r = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            r.sendto(echo(), (sys.argv[1], 0))
            r.recv(100); r.close()
            h = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            udp = struct.pack('!HHHH', 40000, 4444, 8 + 5, 0) + b'hello'
            ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
                             socket.inet_aton('198.51.100.2'), socket.inet_aton(sys.argv[1]))
            h.sendto(ip + udp, (sys.argv[1], 0))
            socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            """,
            lab.namelessAddress());

    assertThat(job.named("network.raw_socket"))
        .extracting(
            e -> e.get("sallyport.socket.family") + " " + e.get("sallyport.socket.protocol"))
        .containsExactly("inet icmp", "inet raw", "packet 0x0000");
    assertThat(job.connects(0))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("network.transport", "icmp"),
                    entry("sallyport.network.bytes_sent", 16L),
                    entry("sallyport.network.bytes_received", 16L)));
    assertThat(job.connects(4444))
        .as("UDP made by hand on a raw socket")
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("network.transport", "udp"), entry("sallyport.network.bytes_sent", 5L)));
  }

  @Test
  void manyConnectionsAreAllCounted(Lab lab) throws Exception {
    NetworkJob job =
        NetworkJob.python(
            lab,
            """
            import socket
            l = socket.socket(); l.bind(('127.0.0.1', 8100)); l.listen()
            for i in range(5000):
                c = socket.create_connection(('127.0.0.1', 8100)); a, _ = l.accept()
                c.sendall(b'x'); a.recv(1); c.close(); a.close()
            """);

    assertThat(job.connects(8100))
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("sallyport.network.connections", 5000L),
                    entry("sallyport.network.bytes_sent", 5000L)));
    assertThat(job.counts().events())
        .allMatch(count -> count.generated() == count.delivered() && count.lost() == 0);
  }

  @Test
  void socketsOfOthersNeverAppear(Lab lab) throws Exception {
    Process other =
        lab.process("bash", "-c", "while :; do : > /dev/tcp/" + lab.namelessAddress() + "/80; done")
            .start();
    try {
      NetworkJob job =
          NetworkJob.run(
              lab,
              "bash",
              "-c",
              "for i in {1..50}; do : > /dev/tcp/" + lab.namelessAddress() + "/7; done");

      assertThat(job.connects(80)).isEmpty();
      assertThat(NetworkJob.sum(job.connects(ECHO), "sallyport.network.connections")).isEqualTo(50);
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static Object result(Map<String, Object> event) {
    return event.get("sallyport.network.result");
  }
}
