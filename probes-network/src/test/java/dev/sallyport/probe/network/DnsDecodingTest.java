package dev.sallyport.probe.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queries and answers, over UDP and TCP, to events and names. */
class DnsDecodingTest {

  private static final String RESOLVER = "127.0.0.53";
  private static final byte[] QUERY = DnsBytes.query(9, "www.Example.test", DnsTypes.A);
  private static final byte[] ANSWER =
      DnsBytes.answer(9, "www.example.test", DnsTypes.A, 3)
          .pointer(12)
          .record(DnsTypes.CNAME, new DnsBytes().name("cdn.example").bytes())
          .name("cdn.example")
          .a("192.0.2.30")
          .name("stranger.example")
          .a("192.0.2.31")
          .bytes();

  private final Decoding decoding = new Decoding();

  @Test
  void queryAndAnswerAreOneEvent() {
    decoding.take(out(QUERY).at(55), in(ANSWER).at(66));

    assertThat(decoding.described())
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .contains(
                    entry("name", "sallyport.dns.query"),
                    entry("dns.question.name", "www.example.test"),
                    entry("sallyport.dns.type", "A"),
                    entry("dns.answers", List.of("CNAME cdn.example", "192.0.2.30", "192.0.2.31")),
                    entry("sallyport.dns.resolver", RESOLVER),
                    entry("sallyport.dns.resolver.port", 53L),
                    entry("sallyport.dns.response_code", "NOERROR"),
                    entry("network.transport", "udp")));
    assertThat(decoding.origins.getFirst().timeNanos()).as("that of the query").isEqualTo(55);
  }

  @Test
  void aContactHasTheNameThatWasAskedFor() {
    decoding.take(out(QUERY), in(ANSWER), contact("192.0.2.30"), contact("192.0.2.31")).end();

    assertThat(names()).containsExactly("www.example.test", null);
  }

  @Test
  void namesOfOneJobAreNotAnothers() {
    decoding.take(out(QUERY), in(ANSWER), contact("192.0.2.30").inJob(8)).end();

    assertThat(names()).containsOnlyNulls().hasSize(1);
  }

  @Test
  void anAnswerNobodyAskedForTeachesNothing() {
    byte[] other = ANSWER.clone();
    other[1] ^= 1; // another transaction
    decoding
        .take(
            out(QUERY),
            in(other),
            TestRecord.bytes(Records.DNS, 2, true, RESOLVER, 53, ANSWER), // another socket
            TestRecord.bytes(Records.DNS, 1, true, "127.0.0.54", 53, ANSWER), // another resolver
            contact("192.0.2.30"))
        .end();

    assertThat(names()).containsOnlyNulls();
    assertThat(decoding.described().getFirst())
        .as("the query, unanswered")
        .doesNotContainKey("sallyport.dns.response_code")
        .containsEntry("dns.answers", List.of());
  }

  @Test
  void aRepeatedQuestionIsOneEvent() {
    decoding.take(out(QUERY), out(QUERY), in(ANSWER), in(ANSWER)).end();

    assertThat(decoding.events).hasSize(1);
    assertThat(decoding.malformed).isEmpty();
  }

  @Test
  void silenceIsToldAfterFiveSeconds() {
    decoding.take(out(QUERY)).after(4);
    assertThat(decoding.events).isEmpty();

    decoding.after(2);

    assertThat(decoding.events).hasSize(1);
    decoding.take(in(ANSWER)).end();
    assertThat(decoding.events).as("too late").hasSize(1);
  }

  @Test
  void whoEndsHasItsQuestionsTold() {
    decoding.take(out(QUERY).of(5), TestRecord.bytes(Records.DNS, 3, false, RESOLVER, 53, QUERY));
    decoding.ended(5);

    assertThat(decoding.origins)
        .singleElement()
        .satisfies(o -> assertThat(o.execId()).isEqualTo(5));
  }

  @Test
  void aRefusalWithoutItsQuestionIsMatched() {
    byte[] refusal = DnsBytes.message(9, 0x8185, 0, 0, 0).bytes();
    decoding.take(out(QUERY), in(refusal));

    assertThat(decoding.described().getFirst())
        .containsEntry("sallyport.dns.response_code", "REFUSED");
  }

  @Test
  void tcpMessagesAreFoundHoweverTheyAreCut() {
    byte[] queries =
        framed(QUERY, DnsBytes.query(10, "b.example", DnsTypes.TXT), DnsBytes.query(11, "c", 1));
    for (int cut = 1; cut < queries.length; cut++) {
      Decoding each = new Decoding();
      each.take(
          segment(false, cut, Arrays.copyOfRange(queries, cut, queries.length)),
          segment(false, 0, Arrays.copyOf(queries, cut)), // out of order
          segment(false, 0, Arrays.copyOf(queries, cut)), // and again
          segment(true, 0, framed(ANSWER)));
      each.end();

      assertThat(each.described())
          .extracting(event -> event.get("dns.question.name"))
          .containsExactly("www.example.test", "b.example", "c");
      assertThat(each.described().getFirst())
          .containsEntry("network.transport", "tcp")
          .containsEntry("sallyport.dns.response_code", "NOERROR");
      assertThat(each.malformed).isEmpty();
    }
  }

  @Test
  void aConnectionThatIsNoDnsIsCountedNotFollowed() {
    byte[] noise = new byte[4000];
    Arrays.fill(noise, (byte) 0x11);
    for (int i = 0; i < 40; i++) {
      decoding.take(segment(false, i * 4000L, noise));
    }
    decoding.end();

    assertThat(decoding.events).isEmpty();
    assertThat(decoding.malformed).isNotEmpty();
  }

  @Test
  void queriesThatFloodAreBoundedAndAllTold() {
    int count = DnsTransactions.MOST_PENDING + 1000;
    for (int i = 0; i < count; i++) {
      decoding.take(out(DnsBytes.query(i, "n" + i + ".tunnel.example", DnsTypes.TXT)));
    }
    assertThat(decoding.events).hasSize(1000);

    decoding.end();

    assertThat(decoding.events).hasSize(count);
  }

  @Test
  void brokenBytesAreCountedByReason() {
    decoding.take(out(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    decoding.take(out(Arrays.copyOf(QUERY, 20)).cut());
    decoding.take(in(QUERY));

    assertThat(decoding.malformed)
        .containsExactly(
            "dns: more questions than are read",
            "dns: message longer than is read",
            "dns: resolver asks");
  }

  private List<Object> names() {
    return decoding.described().stream()
        .filter(event -> "sallyport.network.connect".equals(event.get("name")))
        .map(event -> event.get("server.address"))
        .toList();
  }

  private static TestRecord out(byte[] message) {
    return TestRecord.bytes(Records.DNS, 1, false, RESOLVER, 53, message);
  }

  private static TestRecord in(byte[] message) {
    return TestRecord.bytes(Records.DNS, 1, true, RESOLVER, 53, message);
  }

  private static TestRecord segment(boolean incoming, long offset, byte[] bytes) {
    return TestRecord.bytes(Records.DNS_TCP, 4, incoming, RESOLVER, 53, bytes)
        .put("offset", offset);
  }

  private static TestRecord contact(String peer) {
    return TestRecord.flow(Records.CONTACT, 77, Transport.TCP, peer, 443);
  }

  private static byte[] framed(byte[]... messages) {
    DnsBytes bytes = new DnsBytes();
    for (byte[] message : messages) {
      bytes.u16(message.length).raw(message);
    }
    return bytes.bytes();
  }
}
