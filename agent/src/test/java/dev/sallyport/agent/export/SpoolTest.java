package dev.sallyport.agent.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void name() {
    directory = temporary.resolve("spool");
  }

  @Test
  void givesBackInOrderWhatIsOwedAcrossRuns() throws Exception {
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      spool.append(request("one", 1));
      spool.append(request("two", 2));
      spool.append(request("three", 3));
      settle(spool, "one");
      assertThat(spool.owed()).isEqualTo(5);
    }
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      assertThat(spool.owed()).isEqualTo(5);
      spool.append(request("four", 4));
      assertThat(drain(spool)).containsExactly("two", "three", "four");
      assertThat(spool.isEmpty()).isTrue();
      assertThat(spool.bytes()).isZero();
      assertThat(spool.lost()).isZero();
    }
    assertThat(segments()).isEmpty();
  }

  @Test
  void dropsTheOldestAtTheBoundAndCountsExactly() throws Exception {
    try (Spool spool = Spool.open(directory, 16_000)) {
      for (int i = 0; i < 100; i++) {
        spool.append(request("%03d".formatted(i) + "x".repeat(997), 7));
        assertThat(spool.bytes()).isLessThanOrEqualTo(16_000);
      }
      assertThat(spool.lost() + spool.owed()).isEqualTo(700);
      assertThat(spool.lost()).isPositive();
      List<String> left = drain(spool);
      assertThat(left).hasSize((int) (700 - spool.lost()) / 7);
      assertThat(left.getLast()).startsWith("099");
    }
  }

  @Test
  void requestLargerThanTheBoundIsCounted() throws Exception {
    try (Spool spool = Spool.open(directory, 1_000)) {
      spool.append(request("x".repeat(1_000), 3));
      assertThat(spool.lost()).isEqualTo(3);
      assertThat(spool.isEmpty()).isTrue();
    }
  }

  @Test
  void settlingWhatWasDroppedMeanwhileSaysSo() throws Exception {
    try (Spool spool = Spool.open(directory, 2_000)) {
      spool.append(request("x".repeat(900), 1));
      Spool.Frame frame = spool.peek();
      assertThat(frame).isNotNull();
      spool.append(request("y".repeat(900), 1));
      spool.append(request("z".repeat(900), 1));
      assertThat(spool.settle(frame)).isFalse();
      assertThat(spool.lost()).isEqualTo(1);
      assertThat(drain(spool)).hasSize(2);
    }
  }

  @Test
  void tornEndIsCutOff() throws Exception {
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      spool.append(request("whole", 1));
      spool.append(request("torn", 1));
    }
    try (RandomAccessFile file = new RandomAccessFile(segments().getFirst().toFile(), "rw")) {
      file.setLength(file.length() - 2);
    }
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      assertThat(drain(spool)).containsExactly("whole");
    }
  }

  @Test
  void damagedRequestIsCountedAndTheRestIsGivenBack() throws Exception {
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      spool.append(request("good", 1));
      spool.append(request("damaged", 5));
      spool.append(request("after", 1));
    }
    Path segment = segments().getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("damaged")] ^= 1;
    Files.write(segment, bytes);
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      assertThat(drain(spool)).containsExactly("good", "after");
      assertThat(spool.lost()).isEqualTo(5);
      assertThat(spool.owed()).isZero();
    }
  }

  @Test
  void foreignFilesDoNoHarm() throws Exception {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("zzz.otlp"), "not a segment at all, but long enough");
    Files.writeString(directory.resolve("notes.txt"), "kept");
    try (Spool spool = Spool.open(directory, 1 << 20)) {
      assertThat(spool.isEmpty()).isTrue();
      spool.append(request("one", 1));
      assertThat(drain(spool)).containsExactly("one");
    }
    assertThat(directory.resolve("notes.txt")).exists();
  }

  private static Request request(String text, int records) {
    byte[] bytes = text.getBytes(UTF_8);
    byte[] padded = java.util.Arrays.copyOf(bytes, bytes.length + 10); // buffers are longer
    return new Request(padded, bytes.length, records);
  }

  private static void settle(Spool spool, String expected) {
    Spool.Frame frame = spool.peek();
    assertThat(frame).isNotNull();
    assertThat(text(frame)).isEqualTo(expected);
    assertThat(spool.settle(frame)).isTrue();
  }

  private static List<String> drain(Spool spool) {
    List<String> drained = new ArrayList<>();
    for (Spool.Frame frame = spool.peek(); frame != null; frame = spool.peek()) {
      drained.add(text(frame));
      assertThat(spool.settle(frame)).isTrue();
    }
    return drained;
  }

  private static String text(Spool.Frame frame) {
    return new String(frame.request().bytes(), 0, frame.request().length(), UTF_8);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".otlp")).sorted().toList();
    }
  }
}
