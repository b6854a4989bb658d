package dev.sallyport.probe.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records of connections to events. */
class FlowsTest {

  private static final String PEER = "192.0.2.10";
  private static final int REFUSED = 111;

  private final Decoding decoding = new Decoding();

  @Test
  void connectionsOfOneProcessToOnePlaceAreOneEvent() {
    for (int cookie = 1; cookie <= 3; cookie++) {
      decoding.take(
          tcp(Records.CONTACT, cookie).at(cookie),
          tcp(Records.OUTCOME, cookie),
          closed(cookie, 100, 1000));
    }
    assertThat(decoding.events).as("while it lives").isEmpty();

    decoding.ended(1);

    assertThat(only())
        .containsExactly(
            entry("name", "sallyport.network.connect"),
            entry("network.transport", "tcp"),
            entry("network.type", "ipv4"),
            entry("network.peer.address", PEER),
            entry("network.peer.port", 443L),
            entry("sallyport.network.connections", 3L),
            entry("sallyport.network.bytes_sent", 300L),
            entry("sallyport.network.bytes_received", 3000L),
            entry("sallyport.network.result", "established"));
    assertThat(decoding.origins.getFirst().timeNanos()).isEqualTo(1);
  }

  @Test
  void totalsThatComeAfterTheEndAreWaitedFor() {
    decoding.take(tcp(Records.CONTACT, 1), tcp(Records.OUTCOME, 1)).ended(1);
    assertThat(decoding.events).isEmpty();

    decoding.take(closed(1, 5, 6));

    assertThat(only()).containsEntry("sallyport.network.bytes_received", 6L);
  }

  @Test
  void patienceEndsAndWhatComesLaterIsAddedInAnEventOfItsOwn() {
    decoding.take(tcp(Records.CONTACT, 1), tcp(Records.OUTCOME, 1)).ended(1).after(3);
    assertThat(only()).containsEntry("sallyport.network.result", "open");

    decoding.take(closed(1, 5, 6));

    assertThat(decoding.described().getLast())
        .contains(
            entry("sallyport.network.connections", 0L),
            entry("sallyport.network.bytes_sent", 5L),
            entry("sallyport.network.result", "established"));
    assertThat(decoding.end().events).hasSize(2);
  }

  @Test
  void refusedAndFailedAreTold() {
    decoding
        .take(
            tcp(Records.CONTACT, 1),
            tcp(Records.OUTCOME, 1).put("error", REFUSED),
            tcp(Records.CONTACT, 2).of(2),
            tcp(Records.OUTCOME, 2).of(2).put("error", -1),
            tcp(Records.CONTACT, 3).of(3))
        .end();

    assertThat(results()).containsExactly("refused", "failed", "sent");
  }

  @Test
  void oneSuccessCountsMoreThanRefusals() {
    decoding
        .take(
            tcp(Records.CONTACT, 1),
            tcp(Records.OUTCOME, 1).put("error", REFUSED),
            tcp(Records.CONTACT, 2),
            tcp(Records.OUTCOME, 2),
            closed(2, 0, 0))
        .end();

    assertThat(results()).containsExactly("established");
  }

  @Test
  void imagesPortsAndProtocolsAreKeptApart() {
    decoding
        .take(
            tcp(Records.CONTACT, 1),
            tcp(Records.CONTACT, 2).of(2),
            TestRecord.flow(Records.CONTACT, 3, Transport.TCP, PEER, 80),
            TestRecord.flow(Records.CONTACT, 4, Transport.UDP, PEER, 443),
            TestRecord.flow(Records.CONTACT, 5, Transport.TCP, "2001:db8::10", 443))
        .end();

    assertThat(decoding.events).hasSize(5);
  }

  @Test
  void datagramsAreSentWhateverComesBack() {
    decoding
        .take(
            udp(Records.CONTACT, 1, PEER),
            udp(Records.TRAFFIC, 1, PEER)
                .put("flags", Records.FLOW_CONTACTED)
                .put("bytes_out", 10)
                .put("bytes_in", 20),
            udp(Records.TRAFFIC, 1, PEER).put("bytes_in", 3)) // an answer that came late
        .ended(1);

    assertThat(only())
        .contains(
            entry("sallyport.network.result", "sent"),
            entry("sallyport.network.bytes_sent", 10L),
            entry("sallyport.network.bytes_received", 23L));
  }

  @Test
  void datagramsNobodyAskedForAreAccepted() {
    decoding
        .take(
            udp(Records.TRAFFIC, 1, PEER).put("local_port", 5353).put("bytes_in", 4),
            udp(Records.TRAFFIC, 1, PEER).put("local_port", 5353).put("bytes_in", 4))
        .ended(1);

    assertThat(only())
        .containsExactly(
            entry("name", "sallyport.network.accept"),
            entry("network.transport", "udp"),
            entry("network.type", "ipv4"),
            entry("network.local.port", 5353L),
            entry("network.peer.address", PEER),
            entry("sallyport.network.connections", 2L),
            entry("sallyport.network.bytes_sent", 0L),
            entry("sallyport.network.bytes_received", 8L));
  }

  @Test
  void acceptedConnectionsAreFoldedByPeerNotByItsPort() {
    for (int i = 0; i < 3; i++) {
      decoding.take(
          server(Records.ACCEPT, i, 50000 + i),
          server(Records.TRAFFIC, i, 50000 + i)
              .put("flags", Records.FLOW_ACCEPTED)
              .put("bytes_out", 2)
              .put("bytes_in", 1));
    }
    decoding.ended(1);

    assertThat(only())
        .contains(
            entry("name", "sallyport.network.accept"),
            entry("network.local.address", "127.0.0.1"),
            entry("network.local.port", 8080L),
            entry("network.peer.address", PEER),
            entry("sallyport.network.connections", 3L),
            entry("sallyport.network.bytes_sent", 6L),
            entry("sallyport.network.bytes_received", 3L));
  }

  @Test
  void listeningIsToldAtOnce() {
    decoding.take(
        TestRecord.flow(Records.LISTEN, 1, Transport.TCP, "::", 0).put("local_port", 8080));

    assertThat(only())
        .contains(
            entry("name", "sallyport.network.listen"),
            entry("network.local.address", "::"),
            entry("network.local.port", 8080L));
  }

  @Test
  void rawSocketsAreToldAtOnce() {
    decoding.take(
        TestRecord.opened(17, 3, 0x0003),
        TestRecord.opened(2, 3, 1),
        TestRecord.opened(10, 3, 58),
        TestRecord.opened(40, 1, 0));

    assertThat(decoding.described())
        .extracting(event ->
            event.get("sallyport.socket.family")
                + " "
                + event.get("sallyport.socket.type")
                + " "
                + event.get("sallyport.socket.protocol"))
        .containsExactly(
            "packet raw 0x0003", "inet raw icmp", "inet6 raw ipv6-icmp", "vsock stream 0");
  }

  @Test
  void tooManyFlowsGoOutEarlyAndLoseNothing() {
    int count = Flows.MOST_FLOWS + 500;
    for (int i = 0; i < count; i++) {
      String peer = "10.%d.%d.%d".formatted(i >> 16, i >> 8 & 0xff, i & 0xff);
      decoding.take(
          TestRecord.flow(Records.CONTACT, i, Transport.UDP, peer, 9),
          TestRecord.flow(Records.TRAFFIC, i, Transport.UDP, peer, 9)
              .put("flags", Records.FLOW_CONTACTED)
              .put("bytes_out", 1));
    }
    assertThat(decoding.events).hasSize(500);

    decoding.end();

    assertThat(
            decoding.described().stream()
                .mapToLong(event -> (Long) event.get("sallyport.network.bytes_sent"))
                .sum())
        .isEqualTo(count);
  }

  @Test
  void aLostRecordDoesNotHoldAFlowForEver() {
    decoding.take(tcp(Records.CONTACT, 1)).ended(1); // its outcome was lost
    decoding.take(tcp(Records.OUTCOME, 99), closed(98, 1, 1)); // their contacts were lost

    decoding.after(3);

    assertThat(decoding.described())
        .extracting(event -> event.get("sallyport.network.bytes_sent"))
        .containsExactly(1L);
    assertThat(decoding.end().events).hasSize(1);
  }

  private Map<String, Object> only() {
    assertThat(decoding.events).hasSize(1);
    return decoding.described().getFirst();
  }

  private List<Object> results() {
    return decoding.described().stream()
        .map(event -> event.get("sallyport.network.result"))
        .toList();
  }

  private static TestRecord tcp(int type, long cookie) {
    return TestRecord.flow(type, cookie, Transport.TCP, PEER, 443);
  }

  private static TestRecord closed(long cookie, long sent, long received) {
    return tcp(Records.TRAFFIC, cookie)
        .put("flags", Records.FLOW_CONTACTED)
        .put("bytes_out", sent)
        .put("bytes_in", received);
  }

  private static TestRecord udp(int type, long cookie, String peer) {
    return TestRecord.flow(type, cookie, Transport.UDP, peer, 53530);
  }

  private static TestRecord server(int type, long cookie, int peerPort) {
    return TestRecord.flow(type, cookie, Transport.TCP, PEER, peerPort)
        .put("local_port", 8080)
        .bytes("local", TestRecord.address("127.0.0.1"));
  }
}
