package dev.sallyport.probe.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** Hellos of a real client, and bytes that only look like one. */
class ClientHelloTest {

  private static final byte[] REAL = realHello();

  @Test
  void aRealHelloIsRead() {
    ClientHello hello = complete(REAL);

    assertThat(hello.serverName()).isEqualTo("www.example.test");
    assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
    assertThat(hello.ech()).isFalse();
    assertThat(hello.versions()).contains(0x0304, 0x0303);
  }

  @Test
  void everyBeginningOfAHelloIsIncomplete() {
    for (int length = 1; length < REAL.length; length++) {
      assertThat(ClientHello.read(REAL, length))
          .as("%d of %d bytes", length, REAL.length)
          .isEqualTo(new ClientHello.Outcome.Incomplete());
    }
  }

  @Test
  void aHelloInManyRecordsIsTheSame() {
    for (int size : new int[] {1, 2, 3, 5, 50, 200}) {
      assertThat(complete(inRecordsOf(size))).as("records of %d", size).isEqualTo(complete(REAL));
    }
  }

  @Test
  void whatFollowsTheHelloIsLeftAlone() {
    byte[] more = Arrays.copyOf(REAL, REAL.length + 100);

    assertThat(complete(more)).isEqualTo(complete(REAL));
  }

  @Test
  void otherProtocolsAreNotTls() {
    assertThat(read("GET / HTTP/1.1\r\n")).isEqualTo(new ClientHello.Outcome.Other());
    assertThat(read("SSH-2.0-OpenSSH_9.2p1\r\n")).isEqualTo(new ClientHello.Outcome.Other());
    assertThat(read("\u0016 something else")).isEqualTo(new ClientHello.Outcome.Other());
  }

  @Test
  void greaseIsLeftOutAndEchIsSeen() {
    byte[] bytes =
        hello(
            extension(0x2a2a, new byte[0]),
            extension(0xfe0d, new byte[] {0, 0, 1}),
            extension(16, bytes(0, 6, 2, 0x1a, 0x1a, 2, 'h', '3')),
            extension(43, bytes(4, 0x3a, 0x3a, 3, 4)));

    ClientHello hello = complete(bytes);

    assertThat(hello.serverName()).isNull();
    assertThat(hello.ech()).isTrue();
    assertThat(hello.alpn()).containsExactly("h3");
    assertThat(hello.versions()).containsExactly(0x0304);
  }

  @Test
  void aHelloWithoutExtensionsIsComplete() {
    byte[] body = new byte[2 + 32 + 1 + 2 + 2 + 1 + 1];
    body[36] = 2;
    body[39] = 1;

    assertThat(complete(wrap(body)).serverName()).isNull();
  }

  @Test
  void oddNamesAreEscaped() {
    byte[] name = "A\n\u00e9\\\u0000".getBytes(StandardCharsets.ISO_8859_1);
    byte[] data = bytes(0, name.length + 3, 0, 0, name.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(data);
    out.writeBytes(name);

    assertThat(complete(hello(extension(0, out.toByteArray()))).serverName())
        .isEqualTo("a\\010\\233\\092\\000");
  }

  @Test
  void lengthsThatLieAreMalformed() {
    assertThat(ClientHello.read(hello(extension(0, bytes(0, 200, 0, 0, 3))), 1000))
        .isInstanceOf(ClientHello.Outcome.Malformed.class);
  }

  @Test
  void whateverBytesComeTheReaderEnds() {
    Random random = new Random(20260102);
    int complete = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = REAL.clone();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (ClientHello.read(bytes, random.nextInt(bytes.length + 1))
          instanceof ClientHello.Outcome.Complete(ClientHello hello)) {
        complete++;
        assertThat(hello.alpn().size()).isLessThanOrEqualTo(32);
      }
    }
    assertThat(complete).isPositive();
  }

  @Test
  void piecesAreJoinedAndEqualHellosFolded() {
    Decoding decoding = new Decoding();
    for (int cookie = 1; cookie <= 2; cookie++) {
      int cut = 100 * cookie;
      decoding.take(
          piece(cookie, 0, Arrays.copyOf(REAL, cut)),
          piece(cookie, cut, Arrays.copyOfRange(REAL, cut, REAL.length)));
    }
    assertThat(decoding.events).isEmpty();

    decoding.ended(1);

    assertThat(decoding.described())
        .singleElement()
        .satisfies(event ->
            assertThat(event)
                .containsExactly(
                    entry("name", "sallyport.tls.client_hello"),
                    entry("tls.client.server_name", "www.example.test"),
                    entry("sallyport.tls.alpn", List.of("h2", "http/1.1")),
                    entry("sallyport.tls.ech", false),
                    entry("network.peer.address", "192.0.2.10"),
                    entry("network.peer.port", 8443L),
                    entry("sallyport.network.connections", 2L)));
    assertThat(decoding.malformed).isEmpty();
  }

  @Test
  void aHelloThatNeverEndsIsCounted() {
    Decoding decoding = new Decoding();
    decoding.take(piece(1, 0, Arrays.copyOf(REAL, 50))).after(11);

    assertThat(decoding.malformed).containsExactly("tls: hello never completed");
    assertThat(decoding.end().events).isEmpty();
  }

  @Test
  void unfinishedHellosAreBounded() {
    Decoding decoding = new Decoding();
    for (int cookie = 0; cookie < Hellos.MOST_PENDING + 10; cookie++) {
      decoding.take(piece(cookie, 0, Arrays.copyOf(REAL, 50)));
    }

    assertThat(decoding.malformed).hasSize(10);
  }

  private static TestRecord piece(long cookie, long offset, byte[] bytes) {
    return TestRecord.bytes(Records.HELLO, cookie, false, "192.0.2.10", 8443, bytes)
        .put("offset", offset);
  }

  private static ClientHello complete(byte[] bytes) {
    ClientHello.Outcome outcome = ClientHello.read(bytes, bytes.length);
    assertThat(outcome).isInstanceOf(ClientHello.Outcome.Complete.class);
    return ((ClientHello.Outcome.Complete) outcome).hello();
  }

  private static ClientHello.Outcome read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return ClientHello.read(bytes, bytes.length);
  }

  private static byte[] inRecordsOf(int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 5; at < REAL.length; at += size) {
      int length = Math.min(size, REAL.length - at);
      out.writeBytes(bytes(0x16, 3, 1, length >> 8, length));
      out.write(REAL, at, length);
    }
    return out.toByteArray();
  }

  private static byte[] extension(int type, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(type >> 8, type, data.length >> 8, data.length));
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static byte[] hello(byte[]... extensions) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] extension : extensions) {
      all.writeBytes(extension);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[2 + 32]);
    body.writeBytes(bytes(0, 0, 2, 0x13, 1, 1, 0));
    body.writeBytes(bytes(all.size() >> 8, all.size()));
    body.writeBytes(all.toByteArray());
    return wrap(body.toByteArray());
  }

  private static byte[] wrap(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int message = body.length + 4;
    out.writeBytes(bytes(0x16, 3, 1, message >> 8, message));
    out.writeBytes(bytes(1, 0, body.length >> 8, body.length));
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] realHello() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName("WWW.example.test")));
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      engine.setSSLParameters(parameters);
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      return Arrays.copyOf(out.array(), out.position());
    } catch (java.security.NoSuchAlgorithmException | javax.net.ssl.SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
