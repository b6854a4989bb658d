package dev.sallyport.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.spi.event.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConsoleTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final StringBuilder terminal = new StringBuilder();

  @Test
  void tellsOfANewDestinationOnce() {
    try (Console console = Console.open(Console.Mode.TERMINAL, false, terminal)) {
      Story story = new Story(console);
      ProcessNode curl = story.exec(null, "/usr/bin/curl", "curl");
      story.connects(curl, "example.org", "192.0.2.1", 443, "allowed", 1, 1);
      story.connects(curl, "example.org", "192.0.2.1", 443, "allowed", 1, 1);
      story.connects(curl, null, "2001:db8::1", 53, "blocked", 1, 1);
      console.finish(LONG);
    }
    assertThat(terminal.toString())
        .isEqualTo(
            """
            sallyport: → example.org:443 (192.0.2.1)  by curl 4200
            sallyport: blocked → [2001:db8::1]:53 udp  by curl 4200
            """);
  }

  @Test
  void tellsALogOfFindingsAndGapsAlone() {
    try (Console console = Console.open(Console.Mode.PLAIN, true, terminal)) {
      hostile(new Story(console));
      console.finish(LONG);
    }
    assertThat(terminal.toString())
        .isEqualTo(
            """
            sallyport: finding reverse-shell: a\\n::error::b ##\\x5bc \\x1b[2J\\u202e  by sh 4200
            sallyport: coverage gap https: gone
            """);
  }

  @Test
  void isQuietWhenAskedButForErrors() {
    try (Console console = Console.open(Console.Mode.QUIET, false, terminal)) {
      hostile(new Story(console));
      console.error("the report could\nnot be written");
      console.summary(new ReportModel(), List.of(), null, LONG);
    }
    assertThat(terminal.toString()).isEqualTo("sallyport: the report could\\nnot be written\n");
  }

  @Test
  void sumsUpInAScreenful() {
    ReportModel model = new ReportModel();
    Demonstration.tell(model);
    try (Console console = Console.open(Console.Mode.PLAIN, false, terminal)) {
      console.summary(
          model,
          List.of(new Loss("network", "connect", "ring", 12)),
          new ReportWriter.Outcome.Written(Path.of("/tmp/out"), List.of()),
          LONG);
    }
    List<String> lines = terminal.toString().lines().toList();
    assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("sallyport: "));
    assertThat(lines).hasSizeLessThan(20);
    assertThat(lines.get(0)).startsWith("sallyport: 2 findings need a look in ");
    assertThat(lines)
        .contains(
            "sallyport: 12 events were lost: this report is not complete.",
            "sallyport:   lost  12  network connect at ring",
            "sallyport: Report: /tmp/out/report.html");
    assertThat(terminal.toString()).contains("telemetry-cdn.example:443");
  }

  @Test
  void doesNotWaitForASlowTerminalAndCountsWhatItDrops() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    Appendable slow =
        new LineSink() {
          @Override
          void line(String text) {
            writing.countDown();
            try {
              stuck.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            terminal.append(text);
          }
        };
    try (Console console = Console.open(Console.Mode.PLAIN, false, slow)) {
      Story story = new Story(console);
      story.finds(null, Severity.WARN, "first", "x");
      writing.await();
      for (int i = 0; i < 2_000; i++) {
        story.finds(null, Severity.WARN, "rule", "x");
      }
      long dropped = console.losses().get(0).count();
      stuck.countDown();
      console.finish(LONG);

      assertThat(terminal.toString().lines().count() + dropped).isEqualTo(2_001);
      assertThat(console.losses()).containsExactly(new Loss("agent", "*", "console", dropped));
    }
  }

  @Test
  void countsLinesThatATerminalRefuses() {
    Appendable gone =
        new LineSink() {
          @Override
          void line(String text) throws IOException {
            throw new IOException("gone");
          }
        };
    try (Console console = Console.open(Console.Mode.PLAIN, false, gone)) {
      Story story = new Story(console);
      story.finds(null, Severity.WARN, "one", "x").finds(null, Severity.WARN, "two", "x");
      console.finish(LONG);
      assertThat(console.losses()).containsExactly(new Loss("agent", "*", "console", 2));
    }
  }

  @Test
  void givesASignOfLife() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Appendable sink =
        new LineSink() {
          @Override
          void line(String text) {
            lines.add(text);
          }
        };
    try (Console console = new Console(Console.Mode.TERMINAL, false, sink, Duration.ofMillis(20))) {
      new Story(console).exec(null, "/bin/true", "true");
      String line = lines.poll(30, TimeUnit.SECONDS);
      assertThat(line).startsWith("sallyport: ").contains("0 destinations");
    }
  }

  private static void hostile(Story story) {
    ProcessNode shell = story.exec(null, "/bin/sh", "sh");
    story.connects(shell, "example.org", "192.0.2.1", 443, "allowed", 1, 1);
    story.finds(shell, Severity.ERROR, "reverse-shell", "a\n::error::b ##[c \u001b[2J\u202e");
    story.send(
        "agent",
        null,
        "sallyport.coverage.gap",
        "sallyport.probe",
        "https",
        "sallyport.gap.reason",
        "gone");
  }

  private abstract static class LineSink implements Appendable {
    abstract void line(String text) throws IOException;

    @Override
    public Appendable append(CharSequence text) throws IOException {
      line(text.toString());
      return this;
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) throws IOException {
      return append(text.subSequence(start, end));
    }

    @Override
    public Appendable append(char c) throws IOException {
      return append(String.valueOf(c));
    }
  }
}
