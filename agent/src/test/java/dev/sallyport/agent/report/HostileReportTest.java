package dev.sallyport.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.spi.event.Severity;
import dev.sallyport.spi.runner.JobIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a job can choose is set to one hostile text, in every place at once. */
class HostileReportTest {

  @TempDir Path directory;

  static List<String> hostile() {
    return List.of(
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style></title></textarea><svg/onload=alert(1)>",
        "<!--<script>",
        "javascript:alert(1)",
        "a|b\\|c`d``e```",
        "![x](https://evil.example/x.png) [y](javascript:alert(1)) <https://evil.example>",
        "@everyone www.evil.example https://evil.example #123 a@b.example",
        "\n::set-output name=x::y\n##[error]z",
        "\n</pre></details>\n\n# Heading\n- [ ] item\n---\n",
        "\u001b[31mred\u001b]8;;https://evil.example\u0007",
        "photo\u202egnp.exe\u2066",
        "{{7*7}} ${7*7} @if(true) $unsafe{x}",
        "\ud83d half \udc00 \uffff \u0000",
        "A".repeat(1_000_000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void cannotBreakOutOfAnyFormat(String text) throws IOException {
    ReportModel model = new ReportModel();
    tell(text, model);
    List<Loss> losses = List.of(new Loss(text, text, text, 3));

    assertThat(ReportWriter.write(directory, model, losses))
        .isInstanceOf(ReportWriter.Outcome.Written.class);

    html(text, read("report.html"));
    markdown(read("report.md"));
    json(text, read("report.json"));
  }

  private static void html(String text, String html) {
    Document page = Jsoup.parse(html);
    assertThat(page.select("script")).hasSize(1);
    assertThat(page.select("style")).hasSize(1);
    assertThat(page.select("img, iframe, object, embed, base, form, textarea")).isEmpty();
    assertThat(page.select("link")).hasSize(1);
    for (Element element : page.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        assertThat(attribute.getKey()).as("of %s", element.tagName()).doesNotStartWith("on");
      }
    }
    for (Element link : page.select("a")) {
      assertThat(link.attr("href")).startsWith("#");
    }
    assertNothingInvisible(html);
    if (text.length() < 1000) {
      assertThat(page.select(".finding .ev").get(0).text())
          .isEqualTo(Jsoup.parse("<p></p>").select("p").get(0).text(Visible.of(text)).text());
    }
    assertThat(html.length()).isLessThan(1_000_000);
  }

  private static void markdown(String markdown) {
    assertNothingInvisible(markdown);
    assertThat(markdown.length()).isLessThan(200_000);
    // Outside what the writer itself writes, nothing that Markdown or HTML knows.
    String rest = markdown.replaceAll("</?(?:code|details|summary|pre|sub|br)>", "");
    assertThat(rest).doesNotContain("<").doesNotContain("`").doesNotContain("](");
    assertThat(rest).doesNotContain("::").doesNotContain("##[").doesNotContain("@");
    assertThat(rest).doesNotContain("https:").doesNotContainIgnoringCase("www.");
    for (String line : markdown.lines().toList()) {
      assertThat(line.stripLeading()).doesNotStartWith("::").doesNotStartWith("# ");
      if (line.startsWith("|")) {
        int cells = line.split("\\|", -1).length;
        assertThat(cells).as(line).isBetween(4, 8);
      }
    }
    assertThat(markdown.split("<details>", -1)).hasSameSizeAs(markdown.split("</details>", -1));
    assertThat(markdown.split("<pre>", -1)).hasSize(2);
    assertThat(markdown.split("</pre>", -1)).hasSize(2);
  }

  private static void json(String text, String json) throws IOException {
    assertThat(json.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f))).isTrue();
    assertThat(json).doesNotContain("<").doesNotContain("##[");
    JsonNode report = new ObjectMapper().readTree(json);
    String whole = report.at("/processes/0/arguments/1").asText();
    if (text.length() < 1000) {
      // What was, not what is shown; but JSON has no half characters.
      String wholeCharacters = text.replace("\ud83d half \udc00", "\ufffd half \ufffd");
      assertThat(whole).isEqualTo(wholeCharacters);
      assertThat(report.at("/findings/0/evidence/0").asText()).isEqualTo(wholeCharacters);
    } else {
      assertThat(whole).hasSizeLessThan(5000).contains("(+");
    }
  }

  private static void assertNothingInvisible(String file) {
    int[] bad = file.codePoints().filter(HostileReportTest::actsOnATerminal).toArray();
    assertThat(bad).isEmpty();
  }

  private static boolean actsOnATerminal(int codePoint) {
    return codePoint != '\n'
        && (Character.isISOControl(codePoint)
            || Character.getType(codePoint) == Character.FORMAT
            || codePoint == 0xfffd);
  }

  private static void tell(String text, ReportModel model) {
    Story story =
        new Story(new JobIdentity(text, text, text, text, 2, text, text, text, text), model);
    story.send("agent", null, "sallyport.job.started").inStep(1, text);
    ProcessNode process = story.exec(null, "/bin/" + text, text, text, text);
    ProcessNode child = story.exec(process, text, "sh", "-c", text);
    story.asks(process, text, text, text);
    story.connects(process, text, text, 443, text, 1, 2);
    story.connects(process, null, text, 53, "blocked", 1, 2);
    story.greets(process, text + "x", text, 443);
    story.send(
        text,
        process,
        "sallyport.network.listen",
        "network.local.address",
        text,
        "network.transport",
        text);
    story.send(
        text,
        process,
        "sallyport.network.accept",
        "network.local.address",
        text,
        "network.peer.address",
        text);
    story.send(
        text,
        process,
        "sallyport.network.raw_socket",
        "sallyport.socket.family",
        text,
        "sallyport.socket.type",
        text,
        "sallyport.socket.protocol",
        text);
    story.finds(child, Severity.ERROR, text, text, text);
    story.send(text, process, text, text, text, "list", List.of(text, text));
    story.send(
        "agent",
        null,
        "sallyport.coverage.gap",
        "sallyport.probe",
        text,
        "sallyport.gap.reason",
        text);
    story.exit(child, 3, 1).exit(process, 3, 0).stepEnds(text).jobEnds(text);
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
  }
}
