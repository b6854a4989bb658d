package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final AccessRecord HOSTILE =
      new AccessRecord(
          Instant.parse("2026-01-02T03:04:05.678Z"),
          AccessRecord.Kind.REQUEST,
          "HTTP/1.1",
          "192.0.2.1:80",
          "198.51.100.2:9",
          "",
          "a\"b\\c",
          "GET",
          "/\n{\"kind\":\"REQUEST\"}\u2028\0",
          200,
          5_000_000_000L);

  @Test
  void givesBackWhatWasWritten(@TempDir Path folder) throws Exception {
    AccessLog log = new AccessLog(folder);
    AccessRecord plain = AccessRecord.of(AccessRecord.Kind.UDP_ECHO, "", "a:7", "b:9", 1);

    log.add(HOSTILE);
    log.add(plain);

    assertThat(AccessLog.read(folder)).containsExactly(HOSTILE, plain);
  }

  @Test
  void leavesALineThatIsNotWholeYet(@TempDir Path folder) throws Exception {
    new AccessLog(folder).add(HOSTILE);
    Path file = folder.resolve(AccessLog.FILE);
    Files.writeString(file, "{\"at\":\"2026-", StandardOpenOption.APPEND);

    assertThat(AccessLog.read(folder)).containsExactly(HOSTILE);
  }
}
