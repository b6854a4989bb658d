package dev.sallyport.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {

  @TempDir Path directory;

  private final ReportModel model = new ReportModel();

  @Test
  void writesAllThreeFormatsOfAWholeJob() throws Exception {
    Demonstration.tell(model);

    Path below = directory.resolve("made/on/demand");
    ReportWriter.Outcome outcome = ReportWriter.write(below, model, List.of());

    assertThat(outcome)
        .isEqualTo(
            new ReportWriter.Outcome.Written(
                below, List.of("report.md", "report.html", "report.json")));
    try (Stream<Path> files = Files.list(below)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("report.md", "report.html", "report.json");
    }

    JsonNode json = new ObjectMapper().readTree(read(below, "report.json"));
    assertThat(json.at("/schema_version").asInt()).isEqualTo(1);
    assertThat(json.at("/job/repository").asText()).isEqualTo("acme/shop");
    assertThat(json.at("/totals/processes").asLong()).isEqualTo(70);
    assertThat(json.at("/processes")).hasSize(70);
    assertThat(json.at("/destinations/0/name").asText()).isEqualTo("telemetry-cdn.example");
    assertThat(json.at("/destinations/0/processes/0/name").asText()).isEqualTo("curl");
    assertThat(json.at("/findings/0/rule").asText()).isEqualTo("outbound-call-blocked");

    Document page = Jsoup.parse(read(below, "report.html"));
    assertThat(page.select("h1").text()).isEqualTo("build and test");
    assertThat(page.select("#destinations tbody tr")).hasSize(7);
    assertThat(page.select("#steps tbody tr")).hasSize(4);
    assertThat(page.select(".p .times").eachText()).containsExactly("× 14", "× 14", "× 14");
    assertThat(page.select("#processes").text()).doesNotContain("ghs_16C7").contains("[redacted]");
    assertThat(page.select("a[href^=#]").eachAttr("href"))
        .allSatisfy(
            href -> assertThat(page.getElementById(href.substring(1))).as(href).isNotNull());

    String markdown = read(below, "report.md");
    assertThat(markdown)
        .contains("**2 findings need a look.**", "❌ blocked", "Nothing was lost.")
        .doesNotContain("ghs_16C7");
  }

  @Test
  void allowsThePageItsOwnScriptAndStyleAlone() throws Exception {
    Demonstration.tell(model);
    ReportWriter.write(directory, model, List.of());
    Document page = Jsoup.parse(read(directory, "report.html"));

    String policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content");

    assertThat(policy)
        .startsWith("default-src 'none'")
        .contains("script-src '" + sha256(page.select("script").get(0).data()) + "'")
        .contains("style-src '" + sha256(page.select("style").get(0).data()) + "'")
        .doesNotContain("unsafe");
    assertThat(page.select("[style], [src]")).isEmpty();
    assertThat(page.select("link").attr("href")).isEqualTo("data:,");
  }

  @Test
  void saysThatNothingHappened() throws Exception {
    ReportWriter.write(directory, model, List.of());

    assertThat(Jsoup.parse(read(directory, "report.html")).select("main").text())
        .contains(
            "No event of this job was observed",
            "No contact was seen.",
            "No process was seen.",
            "No event reached this report.");
    assertThat(read(directory, "report.md")).contains("No event of this job was observed");
    assertThat(new ObjectMapper().readTree(read(directory, "report.json")).at("/processes"))
        .isEmpty();
  }

  @Test
  void givesEveryLossALine() throws Exception {
    new Story(model).jobEnds("success");
    List<Loss> losses =
        List.of(
            new Loss("network", "connect", "ring", 12), new Loss("agent", "*", "export-queue", 3));

    ReportWriter.write(directory, model, losses);

    Document page = Jsoup.parse(read(directory, "report.html"));
    assertThat(page.select("#completeness tbody tr")).hasSize(2);
    assertThat(page.select(".headline").text())
        .contains("15 events were lost: this report is not complete.");
    assertThat(page.select(".headline").hasClass("look")).isTrue();
    assertThat(read(directory, "report.md"))
        .contains("| <code>ring</code> | <code>network</code> | <code>connect</code> | 12 |")
        .doesNotContain("Nothing was lost");
    assertThat(
            new ObjectMapper().readTree(read(directory, "report.json")).at("/totals/lost").asLong())
        .isEqualTo(15);
  }

  @Test
  void handlesTenThousandProcesses() throws Exception {
    Story story = new Story(model);
    ProcessNode shell = story.exec(null, "/bin/bash", "bash");
    for (int i = 0; i < 10_000; i++) {
      // Half of them alike, half each with a line of its own.
      ProcessNode child =
          i % 2 == 0
              ? story.exec(shell, "/bin/true", "true")
              : story.exec(shell, "/bin/echo", "echo", "number " + i);
      story.exit(child, 1, 0);
    }
    story.exit(shell, 1, 0).jobEnds("success");

    ReportWriter.write(directory, model, List.of());

    assertThat(new ObjectMapper().readTree(read(directory, "report.json")).at("/processes"))
        .hasSize(10_001);
    Document page = Jsoup.parse(read(directory, "report.html"));
    assertThat(page.select("details.p")).hasSize(5_002);
    assertThat(page.select(".times").text()).isEqualTo("× 5,000");
    assertThat(Files.size(directory.resolve("report.html"))).isLessThan(5_000_000);
    assertThat(Files.size(directory.resolve("report.md"))).isLessThan(100_000);
  }

  @Test
  void replacesALinkInsteadOfFollowingIt() throws Exception {
    Path target = Files.writeString(directory.resolve("precious"), "untouched");
    Path reports = Files.createDirectory(directory.resolve("reports"));
    Files.createSymbolicLink(reports.resolve("report.md"), target);

    ReportWriter.write(reports, model, List.of());

    assertThat(target).hasContent("untouched");
    assertThat(Files.isSymbolicLink(reports.resolve("report.md"))).isFalse();
    assertThat(read(reports, "report.md")).startsWith("## Sallyport");
  }

  @Test
  void saysInOneLineWhyItCouldNotWrite() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThat(ReportWriter.write(file, model, List.of()))
        .isEqualTo(
            new ReportWriter.Outcome.NotWritten(
                "report not written to "
                    + file
                    + ": there is a file of that name; choose a directory"));
    assertThat(ReportWriter.write(Path.of("/proc/1/reports"), model, List.of()))
        .isInstanceOfSatisfying(
            ReportWriter.Outcome.NotWritten.class,
            outcome ->
                assertThat(outcome.message())
                    .startsWith("report not written to /proc/1/reports: ")
                    .doesNotContain("\n"));
  }

  @Test
  void leavesNothingBehindWhenAFileCannotBePlaced() throws Exception {
    Files.createDirectories(directory.resolve("report.html/occupied"));

    assertThat(ReportWriter.write(directory, model, List.of()))
        .isInstanceOf(ReportWriter.Outcome.NotWritten.class);

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("report.json", "report.md", "report.html");
    }
  }

  private static String sha256(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  private static String read(Path directory, String name) throws IOException {
    return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
  }
}
