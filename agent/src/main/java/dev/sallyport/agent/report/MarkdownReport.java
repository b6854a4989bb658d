package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.Loss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes report.md, made for a GitHub job summary: the essence at a glance, the details folded, the
 * whole far below the megabyte that a summary may have.
 */
final class MarkdownReport {

  private static final int MAX_FINDINGS = 20;
  private static final int MAX_EVIDENCE = 5;
  private static final int MAX_DESTINATIONS = 60;
  private static final int MAX_QUESTIONS = 60;
  private static final int MAX_SOCKETS = 20;
  private static final int MAX_LINES_OF_TREE = 150;
  private static final int MAX_OTHERS = 30;
  private static final int MAX_LOSSES = 40;
  private static final int MAX_STEPS = 60;

  private final Appendable out;

  private MarkdownReport(Appendable out) {
    this.out = out;
  }

  /** Writes a summary. */
  static void write(ReportView view, Appendable out) throws IOException {
    new MarkdownReport(out).report(view);
  }

  private void report(ReportView view) throws IOException {
    heading(view);
    findings(view.findings(), view.totals().findings());
    destinations(view.destinations());
    steps(view.steps());
    processes(view);
    questions(view.questions());
    sockets(view);
    others(view.others());
    completeness(view);
  }

  private void heading(ReportView view) throws IOException {
    Headline headline = Headline.of(view);
    String mark =
        switch (headline.level()) {
          case GOOD -> "✅";
          case LOOK -> "⚠️";
          case BAD -> "❌";
        };
    ReportView.Job job = view.job();
    line("## Sallyport: " + Markdown.code(job.title()));
    line("");
    line(mark + " **" + headline.title() + ".** " + String.join(" ", headline.details()));
    line("");
    List<String> facts = new ArrayList<>();
    facts.add("Result " + Markdown.code(job.result()));
    facts.add("took " + Units.duration(job.durationNanos()));
    if (job.repository() != null) {
      facts.add(Markdown.code(job.repository()));
    }
    if (job.ref() != null) {
      facts.add("at " + Markdown.code(job.ref()));
    }
    if (job.runner() != null) {
      facts.add("on " + Markdown.code(job.runner()));
    }
    line(String.join(" · ", facts));
    line("");
  }

  private void findings(List<ReportView.Finding> findings, long count) throws IOException {
    if (findings.isEmpty()) {
      return;
    }
    line("### Findings");
    line("");
    line("| | Finding | Evidence | By |");
    line("|---|---|---|---|");
    for (ReportView.Finding finding : first(findings, MAX_FINDINGS)) {
      List<String> evidence =
          first(finding.evidence(), MAX_EVIDENCE).stream().map(Markdown::code).toList();
      ReportView.Actor actor = finding.actor();
      line(
          "| "
              + (finding.severity().equals("error") ? "❌" : "⚠️")
              + " | "
              + Markdown.code(finding.rule())
              + " | "
              + String.join("<br>", evidence)
              + " | "
              + (actor == null ? "" : Markdown.code(actor.name()) + " in ")
              + Markdown.code(finding.step())
              + " |");
    }
    more(count, MAX_FINDINGS);
    line("");
  }

  private void destinations(List<ReportView.Destination> destinations) throws IOException {
    if (destinations.isEmpty()) {
      line("No outbound connection was made.");
      line("");
      return;
    }
    boolean verdicts = destinations.stream().anyMatch(each -> !each.verdict().equals("observed"));
    line("### Destinations");
    line("");
    // The first ones stand open: refused ones are sorted before all others.
    int open = Math.min(destinations.size(), 10);
    destinationTable(destinations.subList(0, open), verdicts);
    if (destinations.size() > open) {
      fold(Texts.count(destinations.size() - open, "further destination", "further destinations"));
      destinationTable(
          destinations.subList(open, Math.min(destinations.size(), MAX_DESTINATIONS)), verdicts);
      more(destinations.size(), MAX_DESTINATIONS);
      unfold();
    }
  }

  private void destinationTable(List<ReportView.Destination> rows, boolean verdicts)
      throws IOException {
    line(
        "| Destination |"
            + (verdicts ? " Verdict |" : "")
            + " By | Connections | Sent | Received |");
    line("|---|" + (verdicts ? "---|" : "") + "---|--:|--:|--:|");
    for (ReportView.Destination row : rows) {
      List<String> others = row.otherServerNames();
      line(
          "| "
              + Markdown.code(row.label())
              + " "
              + Markdown.text(row.transport())
              + (others.isEmpty() ? "" : "<br>TLS name " + codes(others, 3))
              + " |"
              + (verdicts ? " " + verdict(row.verdict()) + " |" : "")
              + " "
              + by(row.actors())
              + " | "
              + Texts.grouped(row.connections())
              + " | "
              + Units.bytes(row.sent())
              + " | "
              + Units.bytes(row.received())
              + " |");
    }
    line("");
  }

  private static String verdict(String verdict) {
    return switch (verdict) {
      case "blocked" -> "❌ blocked";
      case "would_block" -> "⚠️ would block";
      case "allowed" -> "✅ allowed";
      default -> "";
    };
  }

  private void steps(List<ReportView.Step> steps) throws IOException {
    if (steps.size() < 2) {
      return;
    }
    fold(Texts.count(steps.size(), "step", "steps"));
    line("| Step | Result | Duration | Processes |");
    line("|---|---|--:|--:|");
    for (ReportView.Step step : first(steps, MAX_STEPS)) {
      String result = step.result();
      line(
          "| "
              + Markdown.code(step.label())
              + " | "
              + (result == null ? "" : Markdown.text(result))
              + " | "
              + Units.duration(step.durationNanos())
              + " | "
              + Texts.grouped(step.processes())
              + " |");
    }
    more(steps.size(), MAX_STEPS);
    unfold();
  }

  // A list cannot nest deep in Markdown, and a code block needs no escaping but of its own end: a
  // pre element holds the tree as text.
  private void processes(ReportView view) throws IOException {
    if (view.roots().isEmpty()) {
      return;
    }
    fold(Texts.count(view.totals().processes(), "process", "processes"));
    line("<pre>");
    int lines = 0;
    for (HtmlTree.Branch branch : HtmlTree.of(view)) {
      if (lines < MAX_LINES_OF_TREE) {
        out.append("• ").append(Markdown.text(Texts.shorten(branch.label(), 100))).append('\n');
      }
      lines = branch(branch.nodes(), 1, lines + 1);
    }
    line("</pre>");
    line("");
    more(lines, MAX_LINES_OF_TREE);
    unfold();
  }

  private int branch(List<HtmlTree.Node> nodes, int depth, int linesBefore) throws IOException {
    int lines = linesBefore;
    for (HtmlTree.Node node : nodes) {
      if (lines < MAX_LINES_OF_TREE) {
        treeLine(node, depth);
      }
      lines = branch(node.children(), depth + 1, lines + 1);
    }
    return lines;
  }

  private void treeLine(HtmlTree.Node node, int depth) throws IOException {
    ReportView.Image image = node.process();
    String command = image.line().isEmpty() ? image.name() : image.line();
    // An indent of real spaces may be taken for Markdown's own, this one never is.
    out.append("│ ".repeat(Math.min(depth, 12))).append(Markdown.text(Texts.shorten(command, 110)));
    if (node.times() > 1) {
      out.append("  ×").append(Texts.grouped(node.times()));
    }
    if (image.signal() > 0) {
      out.append("  [signal ").append(Integer.toString(image.signal())).append(']');
    } else if (image.exitCode() > 0) {
      out.append("  [exit ").append(Integer.toString(image.exitCode())).append(']');
    }
    for (String flag : image.flags()) {
      out.append("  [").append(Markdown.text(flag)).append(']');
    }
    out.append('\n');
  }

  private void questions(List<ReportView.Question> questions) throws IOException {
    if (questions.isEmpty()) {
      return;
    }
    fold(Texts.count(questions.size(), "DNS question", "DNS questions"));
    line("| Name | Type | Answers | By |");
    line("|---|---|---|---|");
    for (ReportView.Question row : first(questions, MAX_QUESTIONS)) {
      line(
          "| "
              + Markdown.code(row.name())
              + " | "
              + Markdown.text(row.type())
              + " | "
              + (row.answers().isEmpty() ? codes(row.codes(), 2) : codes(row.answers(), 3))
              + " | "
              + by(row.actors())
              + " |");
    }
    more(questions.size(), MAX_QUESTIONS);
    unfold();
  }

  private void sockets(ReportView view) throws IOException {
    sockets("raw or packet socket", "raw or packet sockets", view.raw());
    sockets("listening socket", "listening sockets", view.listening());
    sockets("accepted connection", "accepted connections", view.accepted());
  }

  private void sockets(String one, String many, List<ReportView.Socket> sockets)
      throws IOException {
    if (sockets.isEmpty()) {
      return;
    }
    fold(Texts.count(sockets.size(), one, many));
    line("| Socket | By | Count |");
    line("|---|---|--:|");
    for (ReportView.Socket socket : first(sockets, MAX_SOCKETS)) {
      String what = (socket.first() + " " + socket.second() + " " + socket.third()).strip();
      line(
          "| "
              + Markdown.code(what)
              + " | "
              + by(socket.actors())
              + " | "
              + Texts.grouped(socket.count())
              + " |");
    }
    more(sockets.size(), MAX_SOCKETS);
    unfold();
  }

  private void others(List<ReportView.Other> others) throws IOException {
    if (others.isEmpty()) {
      return;
    }
    fold(Texts.count(others.size(), "other kind of event", "other kinds of events"));
    line("| Event | Probe | Count | First example |");
    line("|---|---|--:|---|");
    for (ReportView.Other other : first(others, MAX_OTHERS)) {
      Map<String, String> example =
          other.examples().isEmpty() ? Map.of() : other.examples().get(0).attributes();
      List<String> attributes = new ArrayList<>();
      example.forEach((name, value) -> attributes.add(name + "=" + value));
      line(
          "| "
              + Markdown.code(other.name())
              + " | "
              + Markdown.code(other.probe())
              + " | "
              + Texts.grouped(other.count())
              + " | "
              + codes(attributes, 4)
              + " |");
    }
    more(others.size(), MAX_OTHERS);
    unfold();
  }

  private void completeness(ReportView view) throws IOException {
    if (!view.losses().isEmpty()) {
      line("### Lost");
      line("");
      line("| Lost at | Probe | Event | Count |");
      line("|---|---|---|--:|");
      for (Loss loss : first(view.losses(), MAX_LOSSES)) {
        line(
            "| "
                + Markdown.code(loss.reason())
                + " | "
                + Markdown.code(loss.probe())
                + " | "
                + Markdown.code(loss.event())
                + " | "
                + Texts.grouped(loss.count())
                + " |");
      }
      more(view.losses().size(), MAX_LOSSES);
      line("");
    }
    for (ReportView.Gap gap : first(view.gaps(), MAX_LOSSES)) {
      line("- Coverage gap of " + Markdown.code(gap.probe()) + ": " + Markdown.code(gap.reason()));
    }
    for (String omission : view.omissions()) {
      line("- " + omission + ".");
    }
    line("");
    List<String> probes = new ArrayList<>();
    view.eventsByProbe()
        .forEach((probe, count) -> probes.add(Markdown.code(probe) + " " + Texts.grouped(count)));
    line(
        "<sub>"
            + (view.nothingLost() && view.totals().events() > 0 ? "Nothing was lost. " : "")
            + "Events by probe: "
            + (probes.isEmpty() ? "none" : String.join(", ", probes))
            + ". All details are in report.html and report.json.</sub>");
  }

  private static String by(ReportView.Actors actors) {
    List<String> names =
        HtmlReport.distinct(actors.processes()).stream().map(each -> each.actor().name()).toList();
    return codes(names, 3) + (actors.more() ? " …" : "");
  }

  private static String codes(List<String> texts, int max) {
    String codes = String.join(" ", first(texts, max).stream().map(Markdown::code).toList());
    return texts.size() > max ? codes + " +" + (texts.size() - max) : codes;
  }

  private static <T> List<T> first(List<T> all, int max) {
    return all.size() <= max ? all : all.subList(0, max);
  }

  private void more(long all, long shown) throws IOException {
    if (all > shown) {
      line("");
      line("… and " + Texts.grouped(all - shown) + " more, see report.html.");
    }
  }

  private void fold(String summary) throws IOException {
    line("<details><summary>" + summary + "</summary>");
    line("");
  }

  private void unfold() throws IOException {
    line("");
    line("</details>");
    line("");
  }

  private void line(String text) throws IOException {
    out.append(text).append('\n');
  }
}
