package dev.sallyport.probe.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteStreamTest {

  @Test
  void whateverTheOrderTheBytesAreThoseSent() {
    Random random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      byte[] sent = new byte[1 + random.nextInt(500)];
      random.nextBytes(sent);
      List<int[]> segments = new ArrayList<>();
      for (int at = 0; at < sent.length; ) {
        int length = Math.min(sent.length - at, 1 + random.nextInt(60));
        segments.add(new int[] {at, length});
        at += length;
      }
      for (int i = random.nextInt(6); i > 0; i--) { // repeats, cut elsewhere
        int at = random.nextInt(sent.length);
        segments.add(new int[] {at, 1 + random.nextInt(sent.length - at)});
      }
      Collections.shuffle(segments, random);
      ByteStream stream = new ByteStream(64 * 1024);

      for (int[] segment : segments) {
        assertThat(
                stream.add(
                    segment[0], Arrays.copyOfRange(sent, segment[0], segment[0] + segment[1])))
            .isTrue();
      }

      assertThat(Arrays.copyOf(stream.array(), stream.size())).isEqualTo(sent);
    }
  }

  @Test
  void offsetsGoRoundAtFourGibibytes() {
    byte[] mebibyte = new byte[1 << 20];
    ByteStream stream = new ByteStream(2 * mebibyte.length);
    for (long offset = 0; offset < 1L << 32; offset += mebibyte.length) {
      assertThat(stream.add(offset, mebibyte)).isTrue();
      stream.take(stream.size());
    }

    assertThat(stream.add(2, new byte[] {3})).isTrue();
    assertThat(stream.add(0, new byte[] {1, 2})).isTrue();

    assertThat(Arrays.copyOf(stream.array(), stream.size())).containsExactly(1, 2, 3);
  }

  @Test
  void whatWaitsForAGapIsBounded() {
    ByteStream stream = new ByteStream(10_000);
    int held = 0;
    while (stream.add(10 + 2L * held, new byte[1])) {
      held++;
      assertThat(held).isLessThan(200);
    }
    assertThat(held).as("each small segment costs more than its byte").isBetween(100, 160);
    assertThat(stream.add(0, new byte[1])).as("broken for good").isFalse();
  }
}
