package dev.sallyport.probe.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DnsMessageTest {

  // dig @127.0.0.77 alias.example.test A, answered by dnsmasq.
  private static final byte[] CAPTURED =
      HexFormat.of()
          .parseHex(
              "7b5b858000010002000000010561"
                  + "6c696173076578616d706c65047465737400"
                  + "00010001"
                  + "c00c0005000100000000000603777777c012"
                  + "c030000100010000000000047f00004d"
                  + "0000290"
                  + "4d0000000000000");

  @Test
  void aCapturedAnswerIsRead() {
    DnsMessage message = read(CAPTURED);

    assertThat(message.problem()).isNull();
    assertThat(message.id()).isEqualTo(0x7b5b);
    assertThat(message.response()).isTrue();
    assertThat(message.questions())
        .containsExactly(new DnsMessage.Question("alias.example.test", DnsTypes.A, 1));
    assertThat(texts(message)).containsExactly("CNAME www.example.test", "127.0.0.77");
    assertThat(message.answers().getLast().name()).isEqualTo("www.example.test");
  }

  static Stream<List<Object>> data() {
    byte[] target = new DnsBytes().name("t.example").bytes();
    return Stream.of(
        List.of(DnsTypes.AAAA, TestRecord.address("2001:db8::1"), "2001:db8::1"),
        List.of(DnsTypes.NS, target, "NS t.example"),
        List.of(DnsTypes.PTR, target, "PTR t.example"),
        List.of(DnsTypes.MX, new DnsBytes().u16(10).raw(target).bytes(), "MX 10 t.example"),
        List.of(
            DnsTypes.SRV,
            new DnsBytes().u16(1, 2, 443).raw(target).bytes(),
            "SRV 1 2 443 t.example"),
        List.of(
            DnsTypes.SOA,
            new DnsBytes().raw(target).name("h.example").u16(0, 1, 0, 2, 0, 3, 0, 4, 0, 5).bytes(),
            "SOA t.example h.example 1 2 3 4 5"),
        List.of(
            DnsTypes.TXT,
            new DnsBytes()
                .u8(3)
                .raw((byte) 'a', (byte) '"', (byte) 7)
                .u8(1)
                .raw((byte) 'b')
                .bytes(),
            "TXT \"a\\034\\007\" \"b\""),
        List.of(
            DnsTypes.CAA,
            new DnsBytes().u8(0).u8(5).raw(ascii("issue")).raw(ascii("ca.example")).bytes(),
            "CAA 0 issue \"ca.example\""),
        List.of(
            DnsTypes.HTTPS,
            new DnsBytes()
                .u16(1)
                .name(".")
                .u16(1, 6)
                .u8(2)
                .raw(ascii("h2"))
                .u8(2)
                .raw(ascii("h3"))
                .u16(4, 4)
                .raw(TestRecord.address("192.0.2.1"))
                .u16(3, 2, 8443)
                .u16(9, 1)
                .u8(0xab)
                .bytes(),
            "HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1 port=8443 key9=ab"),
        List.of(9999, new byte[] {1, (byte) 0xff}, "TYPE9999 \\# 2 01ff"),
        List.of(10, new byte[0], "NULL \\# 0 "));
  }

  @ParameterizedTest
  @MethodSource("data")
  void recordDataIsText(List<Object> given) {
    int type = (Integer) given.get(0);
    byte[] bytes =
        DnsBytes.answer(1, "x.example", type, 1)
            .pointer(DnsMessage.HEADER_BYTES)
            .record(type, (byte[]) given.get(1))
            .bytes();

    DnsMessage message = read(bytes);

    assertThat(message.problem()).isNull();
    assertThat(texts(message)).containsExactly((String) given.get(2));
  }

  @Test
  void oddBytesOfNamesAreEscapedAndLettersLowered() {
    DnsMessage message = read(DnsBytes.query(1, "\u0000A\u00ff b\\\n_-*9", 16));

    assertThat(message.questions().getFirst().name()).isEqualTo("\\000a\\255\\032b\\092\\010_-*9");
  }

  @Test
  void aDotWithinALabelIsNoSeparator() {
    byte[] bytes =
        DnsBytes.message(1, DnsBytes.QUERY, 1, 0, 0)
            .u8(3)
            .raw(ascii("a.b"))
            .u8(0)
            .u16(DnsTypes.A, 1)
            .bytes();

    assertThat(read(bytes).questions().getFirst().name()).isEqualTo("a\\046b");
  }

  @Test
  void theRootIsADot() {
    assertThat(read(DnsBytes.query(1, ".", DnsTypes.NS)).questions().getFirst().name())
        .isEqualTo(".");
  }

  @Test
  void severalQuestionsAreAllRead() {
    byte[] bytes =
        DnsBytes.message(1, DnsBytes.QUERY, 2, 0, 0)
            .question("a.example", DnsTypes.A)
            .question("b.example", DnsTypes.AAAA)
            .bytes();

    assertThat(read(bytes).questions())
        .extracting(DnsMessage.Question::name)
        .containsExactly("a.example", "b.example");
  }

  @Test
  void ednsGivesTheUpperBitsOfTheCode() {
    byte[] bytes =
        DnsBytes.message(1, DnsBytes.ANSWER, 1, 0, 1)
            .question("a.example", DnsTypes.A)
            .name(".")
            .u16(DnsTypes.OPT, 1232, 0x0100, 0, 0)
            .bytes();

    assertThat(DnsTypes.responseCode(read(bytes).responseCode())).isEqualTo("BADVERS");
  }

  @Test
  void otherClassesAreNamed() {
    byte[] bytes =
        DnsBytes.message(1, DnsBytes.QUERY, 1, 0, 0).name("version.bind").u16(16, 3).bytes();

    assertThat(read(bytes).questions().getFirst().typeName()).isEqualTo("CH TXT");
  }

  @Test
  void aPointerAtItselfEndsTheReading() {
    byte[] bytes = DnsBytes.message(1, DnsBytes.QUERY, 1, 0, 0).pointer(12).u16(1, 1).bytes();

    assertThat(problemOf(bytes)).isEqualTo("dns: name points forward or at itself");
  }

  @Test
  void pointersInACircleEndTheReading() {
    // At 12 a label and a pointer to 12: round and round.
    byte[] bytes =
        DnsBytes.message(1, DnsBytes.QUERY, 1, 0, 0)
            .u8(1)
            .raw(ascii("a"))
            .pointer(12)
            .u16(1, 1)
            .bytes();

    assertThat(problemOf(bytes)).isEqualTo("dns: name points forward or at itself");
  }

  @Test
  void aNameThatGrowsByPointersIsBounded() {
    DnsBytes bytes = DnsBytes.message(1, DnsBytes.ANSWER, 0, 6, 0);
    int previous = -1;
    for (int i = 0; i < 6; i++) {
      final int here = bytes.size();
      bytes.u8(63).raw(ascii("x".repeat(63)));
      if (previous < 0) {
        bytes.u8(0);
      } else {
        bytes.pointer(previous);
      }
      bytes.a("192.0.2.1");
      previous = here;
    }

    DnsMessage message = read(bytes.bytes());

    assertThat(message.problem()).isEqualTo("dns: name longer than 255 bytes");
    assertThat(message.answers()).as("those before it stand").hasSize(3);
  }

  @Test
  void moreAnswersThanAreKeptAreCounted() {
    DnsBytes bytes = DnsBytes.answer(1, "a.example", DnsTypes.A, 300);
    for (int i = 0; i < 300; i++) {
      bytes.pointer(DnsMessage.HEADER_BYTES).a("192.0.2.1");
    }

    DnsMessage message = read(bytes.bytes());

    assertThat(message.answers()).hasSize(DnsMessage.MOST_ANSWERS);
    assertThat(message.moreAnswers()).isEqualTo(300 - DnsMessage.MOST_ANSWERS);
  }

  @Test
  void everyPrefixOfAMessageIsSurvived() {
    for (int length = 0; length < CAPTURED.length; length++) {
      DnsReader reader = new DnsReader(CAPTURED, 0, length);
      DnsMessage message = DnsMessage.read(reader);
      // The OPT record at the end may be cut without harm to what stands before it.
      if (length < 82) {
        assertThat(reader.problem()).as("cut after %d bytes", length).isNotNull();
      }
      if (message != null) {
        assertThat(message.questions().getFirst().name()).isEqualTo("alias.example.test");
      }
    }
  }

  @Test
  void aMessageWithinABufferDoesNotSeeWhatIsAroundIt() {
    byte[] buffer = new byte[CAPTURED.length + 20];
    Arrays.fill(buffer, (byte) 0x41);
    System.arraycopy(CAPTURED, 0, buffer, 7, CAPTURED.length);

    DnsMessage message = DnsMessage.read(new DnsReader(buffer, 7, CAPTURED.length));

    assertThat(message).isEqualTo(read(CAPTURED));
  }

  @Test
  void whateverBytesComeTheReaderEndsAndStaysBounded() {
    Random random = new Random(20260101);
    for (int round = 0; round < 150_000; round++) {
      byte[] bytes = random.nextInt(4) == 0 ? new byte[random.nextInt(200)] : CAPTURED.clone();
      if (bytes.length != CAPTURED.length) {
        random.nextBytes(bytes);
      }
      for (int i = random.nextInt(8); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(bytes.length + 1);
      DnsMessage message = DnsMessage.read(new DnsReader(bytes, 0, length));
      if (message != null) {
        for (DnsMessage.Answer answer : message.answers()) {
          assertThat(answer.text().length()).isLessThan(4096);
          assertThat(answer.text().chars().noneMatch(c -> c < ' ')).isTrue();
        }
      }
    }
  }

  private static DnsMessage read(byte[] bytes) {
    DnsReader reader = new DnsReader(bytes, 0, bytes.length);
    return Objects.requireNonNull(DnsMessage.read(reader), () -> "" + reader.problem());
  }

  private static String problemOf(byte[] bytes) {
    DnsReader reader = new DnsReader(bytes, 0, bytes.length);
    assertThat(DnsMessage.read(reader)).isNull();
    return Objects.requireNonNull(reader.problem());
  }

  private static List<String> texts(DnsMessage message) {
    return message.answers().stream().map(DnsMessage.Answer::text).toList();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
