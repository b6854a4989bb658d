package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a {@link Console}. Each begins with the prefix, so that nothing that a job chose
 * ever begins a line of a log, and holds no character that acts on a terminal but its own colours.
 */
final class ConsoleLines {

  static final String PREFIX = "sallyport: ";

  private static final int MAX_TEXT = 200;
  private static final int MAX_DESTINATIONS = 5_000;
  private static final int TOP = 8;

  private final boolean colour;
  private final long startNanos = System.nanoTime();
  // The reader thread's own.
  private final Attributes attributes = new Attributes(4 * MAX_TEXT);
  private final Set<SeenDestinations.Key> contacted = new HashSet<>();
  // Written by the reader thread, read by the console's.
  private volatile long processes;
  private volatile int destinations;
  private volatile int findings;

  ConsoleLines(boolean colour) {
    this.colour = colour;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void executed() {
    processes++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  String finding(ObservedEvent event) {
    findings++;
    read(event);
    String rule = attributes.text(SeenEvents.RULE);
    String evidence = attributes.text(SeenEvents.EVIDENCE);
    return PREFIX
        + paint("31;1", "finding")
        + " "
        + shown(rule == null ? "unnamed" : rule)
        + (evidence == null ? "" : ": " + shown(evidence))
        + by(event);
  }

  String gap(ObservedEvent event) {
    read(event);
    String probe = attributes.text("sallyport.probe");
    String reason = attributes.text("sallyport.gap.reason");
    return PREFIX
        + paint("33", "coverage gap")
        + " "
        + shown(probe == null ? event.probe() : probe)
        + (reason == null ? "" : ": " + shown(reason));
  }

  /** {@return a line about a destination, null if it was contacted before} */
  @Nullable String contact(ObservedEvent event) {
    read(event);
    String name = attributes.text("server.address");
    String address = attributes.text("network.peer.address");
    String transport = attributes.text("network.transport");
    String shown = name != null && !name.isEmpty() ? name : address == null ? "unknown" : address;
    int port = (int) attributes.number("network.peer.port", 0);
    SeenDestinations.Key key =
        new SeenDestinations.Key(shown, port, transport == null ? "" : transport);
    if (contacted.size() >= MAX_DESTINATIONS || !contacted.add(key)) {
      return null;
    }
    destinations = contacted.size();
    String verdict = attributes.text("sallyport.verdict");
    String mark =
        switch (verdict == null ? "" : verdict) {
          case "blocked" -> paint("31;1", "blocked") + " ";
          case "would_block" -> paint("33", "would block") + " ";
          default -> "";
        };
    return PREFIX
        + mark
        + "→ "
        + shown(SeenSockets.endpoint(shown, port))
        + (transport == null || transport.equals("tcp") ? "" : " " + shown(transport))
        + (shown.equals(address) || address == null ? "" : " (" + shown(address) + ")")
        + by(event);
  }

  /** {@return a line that says that all goes on} */
  String alive() {
    return PREFIX
        + Units.duration(System.nanoTime() - startNanos)
        + ", "
        + Texts.count(processes, "process", "processes")
        + ", "
        + Texts.count(destinations, "destination", "destinations")
        + ", "
        + Texts.count(findings, "finding", "findings");
  }

  List<String> summary(ReportView view, ReportWriter.@Nullable Outcome report) {
    List<String> lines = new ArrayList<>();
    Headline headline = Headline.of(view);
    lines.add(
        paint(headline.level() == Headline.Level.GOOD ? "32" : "31;1", headline.title())
            + " in "
            + Units.duration(view.job().durationNanos())
            + ".");
    headline.details().forEach(lines::add);
    destinations(view, lines);
    view.findings().stream()
        .limit(TOP)
        .forEach(finding ->
            lines.add(
                "  "
                    + finding.severity()
                    + "  "
                    + finding.rule()
                    + (finding.evidence().isEmpty()
                        ? ""
                        : ": " + Texts.shorten(finding.evidence().get(0), 100))));
    more(lines, view.totals().findings(), "findings");
    for (Loss loss : view.losses()) {
      lines.add(
          "  lost  "
              + Texts.grouped(loss.count())
              + "  "
              + loss.probe()
              + " "
              + loss.event()
              + " at "
              + loss.reason());
    }
    switch (report) {
      case ReportWriter.Outcome.Written written ->
          lines.add("Report: " + Visible.of(written.directory().resolve("report.html").toString()));
      case ReportWriter.Outcome.NotWritten notWritten -> lines.add(notWritten.message());
      case null -> {}
    }
    return lines.stream().map(line -> PREFIX + line).toList();
  }

  private void destinations(ReportView view, List<String> lines) {
    List<ReportView.Destination> top =
        view.destinations().size() <= TOP
            ? view.destinations()
            : view.destinations().subList(0, TOP);
    int width = Math.min(44, top.stream().mapToInt(each -> each.label().length()).max().orElse(0));
    for (ReportView.Destination each : top) {
      String label = Texts.shorten(each.label(), Math.max(width, 2));
      lines.add(
          ("  "
                  + label
                  + " ".repeat(Math.max(0, width - label.length()))
                  + "  "
                  + (each.verdict().equals("observed")
                      ? ""
                      : "%-11s  ".formatted(each.verdict().replace('_', ' ')))
                  + Texts.grouped(each.connections())
                  + "×  ↑ "
                  + Units.bytes(each.sent())
                  + "  ↓ "
                  + Units.bytes(each.received())
                  + "  "
                  + Texts.shorten(
                      Texts.join(
                          HtmlReport.distinct(each.actors().processes()).stream()
                              .map(named -> named.actor().name())
                              .toList(),
                          3),
                      40))
              .stripTrailing());
    }
    more(lines, view.totals().destinations(), "destinations");
  }

  private static void more(List<String> lines, long all, String what) {
    if (all > TOP) {
      lines.add("  … and " + Texts.grouped(all - TOP) + " more " + what);
    }
  }

  private void read(ObservedEvent event) {
    try {
      attributes.read(event.event());
    } catch (RuntimeException | LinkageError | StackOverflowError thrown) {
      // The report counts it; here what was said so far is shown.
      return;
    }
  }

  private static String by(ObservedEvent event) {
    ProcessNode process = event.process();
    return process == null ? "" : "  by " + shown(process.image().name()) + " " + process.pid();
  }

  private static String shown(String text) {
    return Visible.of(Texts.shorten(Redaction.of(Texts.clip(text, 4 * MAX_TEXT)), MAX_TEXT));
  }

  private String paint(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
