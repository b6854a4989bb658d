package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Findings, coverage gaps, and all events that the report knows nothing special about. Written by
 * the reader thread.
 */
final class SeenEvents {

  static final String RULE = "security_rule.name";
  static final String CATEGORY = "security_rule.category";
  static final String EVIDENCE = "sallyport.finding.evidence";

  private static final int MAX_EXAMPLES = 3;
  private static final int EXAMPLE_CHARS = 512;

  private final Limits limits;
  private final List<Finding> findings = new ArrayList<>();
  private final Tally findingsByRule = new Tally(100);
  private final List<Gap> gaps = new ArrayList<>();
  private final Map<String, Other> others = new LinkedHashMap<>();
  private long findingCount;
  private long gapCount;
  private long otherCount;
  private long othersLeftOut;

  SeenEvents(Limits limits) {
    this.limits = limits;
  }

  void found(ObservedEvent event, Attributes attributes, SeenProcesses.@Nullable Image image) {
    findingCount++;
    String rule = attributes.text(RULE);
    String category = attributes.text(CATEGORY);
    findingsByRule.add(rule == null ? "unnamed" : rule, 1);
    if (image != null) {
      image.findings++;
    }
    if (findings.size() < limits.findings()) {
      findings.add(
          new Finding(
              rule == null ? "unnamed" : rule,
              category == null ? "" : category,
              event.event().severity(),
              event.timeUnixNanos(),
              attributes.list(EVIDENCE),
              attributes.all(EXAMPLE_CHARS, List.of(RULE, CATEGORY, EVIDENCE)),
              event.process(),
              event.step()));
    }
  }

  void missed(ObservedEvent event, Attributes attributes) {
    gapCount++;
    if (gaps.size() < limits.gaps()) {
      String probe = attributes.text("sallyport.probe");
      String reason = attributes.text("sallyport.gap.reason");
      gaps.add(
          new Gap(
              probe == null ? event.probe() : probe,
              reason == null ? "no reason given" : reason,
              attributes.number("sallyport.gap.since", event.timeUnixNanos())));
    }
  }

  void other(ObservedEvent event, Attributes attributes) {
    otherCount++;
    String name = event.event().name();
    Other other = others.get(name);
    if (other == null) {
      if (others.size() >= limits.others()) {
        othersLeftOut++;
        return;
      }
      other = new Other(event.probe());
      others.put(name, other);
    }
    other.count++;
    if (other.examples.size() < MAX_EXAMPLES) {
      other.examples.add(
          new Example(
              event.timeUnixNanos(),
              event.event().severity(),
              attributes.all(EXAMPLE_CHARS, List.of()),
              event.process(),
              event.step()));
    }
  }

  List<Finding> findings() {
    return findings;
  }

  long findingCount() {
    return findingCount;
  }

  Map<String, Long> findingsByRule() {
    return findingsByRule.counts();
  }

  List<Gap> gaps() {
    return gaps;
  }

  long gapCount() {
    return gapCount;
  }

  Map<String, Other> others() {
    return others;
  }

  long otherCount() {
    return otherCount;
  }

  /** {@return events whose name is not kept} */
  long othersLeftOut() {
    return othersLeftOut;
  }

  record Finding(
      String rule,
      String category,
      Severity severity,
      long nanos,
      List<String> evidence,
      Map<String, String> attributes,
      @Nullable ProcessNode process,
      StepContext step) {}

  record Gap(String probe, String reason, long sinceNanos) {}

  record Example(
      long nanos,
      Severity severity,
      Map<String, String> attributes,
      @Nullable ProcessNode process,
      StepContext step) {}

  /** Events of one name. */
  static final class Other {
    final String probe;
    final List<Example> examples = new ArrayList<>(MAX_EXAMPLES);
    long count;

    private Other(String probe) {
      this.probe = probe;
    }
  }
}
