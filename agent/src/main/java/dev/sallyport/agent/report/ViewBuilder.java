package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.spi.runner.JobIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a {@link ReportView} of a model: sorts, names, and cleans every text. */
final class ViewBuilder {

  private final ReportModel model;
  private final boolean visible;
  private final int valueChars;
  private final Map<Integer, String> stepLabels = new LinkedHashMap<>();

  private ViewBuilder(ReportModel model, boolean visible) {
    this.model = model;
    this.visible = visible;
    this.valueChars = Limits.DEFAULT.valueChars();
  }

  /** {@return a view for people: invisible characters are spelled out} */
  static ReportView forPeople(ReportModel model, List<Loss> losses) {
    return new ViewBuilder(model, true).build(losses);
  }

  /** {@return a view for machines: texts are what they were} */
  static ReportView forMachines(ReportModel model, List<Loss> losses) {
    return new ViewBuilder(model, false).build(losses);
  }

  private ReportView build(List<Loss> losses) {
    model.destinations().settle();
    SeenEvents events = model.events();
    return new ReportView(
        job(),
        totals(losses),
        events.findings().stream()
            .sorted(
                Comparator.comparing(SeenEvents.Finding::severity)
                    .reversed()
                    .thenComparingLong(SeenEvents.Finding::nanos))
            .map(this::finding)
            .toList(),
        steps(),
        new ProcessTree(this).build(model.processes().images()),
        destinations(),
        questions(),
        sockets(model.sockets().listening()),
        sockets(model.sockets().accepted()),
        sockets(model.sockets().raw()),
        others(),
        events.gaps().stream()
            .map(gap -> new ReportView.Gap(text(gap.probe()), text(gap.reason()), gap.sinceNanos()))
            .toList(),
        losses.stream()
            .filter(loss -> loss.count() > 0)
            .map(loss ->
                new Loss(text(loss.probe()), text(loss.event()), text(loss.reason()), loss.count()))
            .toList(),
        texts(model.eventsByProbe()),
        omissions());
  }

  private ReportView.Job job() {
    JobContext job = model.job();
    JobIdentity identity = job == null ? JobIdentity.UNKNOWN : job.identity();
    String result = model.result();
    return new ReportView.Job(
        job == null ? "unknown" : job.idText(),
        textOrNull(identity.repository()),
        textOrNull(identity.workflow()),
        textOrNull(identity.job()),
        textOrNull(identity.runId()),
        identity.runAttempt(),
        textOrNull(identity.runUrl()),
        textOrNull(identity.refName()),
        textOrNull(identity.revision()),
        textOrNull(identity.runnerName()),
        result == null ? ReportView.RESULT_UNKNOWN : text(result),
        model.startNanos(),
        model.endNanos());
  }

  private ReportView.Totals totals(List<Loss> losses) {
    Map<String, Long> verdicts = model.destinations().verdicts();
    return new ReportView.Totals(
        model.count(),
        model.processes().executed(),
        model.processes().failed(),
        model.destinations().size(),
        model.destinations().connections(),
        verdicts.getOrDefault("blocked", 0L),
        verdicts.getOrDefault("would_block", 0L),
        model.names().size(),
        model.events().findingCount(),
        model.events().gapCount(),
        losses.stream().mapToLong(Loss::count).sum());
  }

  private List<ReportView.Step> steps() {
    List<ReportView.Step> steps = new ArrayList<>();
    for (ReportModel.StepSpan span : model.steps()) {
      StepContext step = span.step;
      int executed = model.processes().executedIn(step.id());
      if (step.id() == 0 && executed == 0) {
        continue; // nothing but the agent's own events about the job
      }
      steps.add(
          new ReportView.Step(
              step.id(),
              stepLabel(step),
              textOrNull(step.name()),
              step.index(),
              textOrNull(span.result),
              span.startNanos,
              span.endNanos > 0 ? span.endNanos : span.lastNanos,
              executed,
              span.events));
    }
    steps.sort(
        Comparator.comparingInt((ReportView.Step step) -> step.id() == 0 ? 1 : 0)
            .thenComparingLong(ReportView.Step::startNanos));
    return steps;
  }

  private List<ReportView.Destination> destinations() {
    List<ReportView.Destination> rows = new ArrayList<>();
    for (SeenDestinations.Destination seen : model.destinations().all()) {
      rows.add(
          new ReportView.Destination(
              text(seen.key.name()),
              seen.named,
              seen.key.port(),
              text(seen.key.transport()),
              verdict(seen.verdicts),
              texts(seen.verdicts.counts()),
              keys(seen.rules),
              keys(seen.addresses),
              keys(seen.serverNames),
              keys(seen.alpn),
              texts(seen.results.counts()),
              seen.connections,
              Math.max(seen.processes, seen.actors.processes().size()),
              seen.sent,
              seen.received,
              seen.hellosWithoutName,
              seen.firstNanos,
              seen.lastNanos,
              actors(seen.actors)));
    }
    rows.sort(
        Comparator.comparingInt((ReportView.Destination row) -> rank(row.verdict()))
            .thenComparingLong(ReportView.Destination::firstNanos));
    return rows;
  }

  private List<ReportView.Question> questions() {
    List<ReportView.Question> rows = new ArrayList<>();
    for (SeenNames.Question seen : model.names().all()) {
      rows.add(
          new ReportView.Question(
              text(seen.key.name()),
              text(seen.key.type()),
              seen.count,
              keys(seen.answers),
              keys(seen.codes),
              keys(seen.resolvers),
              verdict(seen.verdicts),
              seen.firstNanos,
              actors(seen.actors)));
    }
    rows.sort(
        Comparator.comparingInt((ReportView.Question row) -> rank(row.verdict()))
            .thenComparingLong(ReportView.Question::firstNanos));
    return rows;
  }

  private List<ReportView.Socket> sockets(SeenSockets.Group group) {
    List<ReportView.Socket> rows = new ArrayList<>();
    group
        .sockets()
        .forEach((key, socket) ->
            rows.add(
                new ReportView.Socket(
                    text(key.first()),
                    text(key.second()),
                    text(key.third()),
                    socket.count,
                    socket.firstNanos,
                    actors(socket.actors))));
    return rows;
  }

  private List<ReportView.Other> others() {
    List<ReportView.Other> rows = new ArrayList<>();
    model
        .events()
        .others()
        .forEach((name, other) ->
            rows.add(
                new ReportView.Other(
                    text(name),
                    text(other.probe),
                    other.count,
                    other.examples.stream()
                        .map(example ->
                            new ReportView.Example(
                                example.nanos(),
                                lower(example.severity()),
                                cleaned(example.attributes()),
                                actor(example.process(), example.step()),
                                stepLabel(example.step())))
                        .toList())));
    return rows;
  }

  private ReportView.Finding finding(SeenEvents.Finding finding) {
    return new ReportView.Finding(
        text(finding.rule()),
        text(finding.category()),
        lower(finding.severity()),
        finding.nanos(),
        texts(finding.evidence()),
        cleaned(finding.attributes()),
        actor(finding.process(), finding.step()),
        stepLabel(finding.step()));
  }

  // What the model counted but kept no details of, a sentence each.
  private List<String> omissions() {
    List<String> omissions = new ArrayList<>();
    omit(omissions, model.processes().leftOut(), "process image", "process images");
    omit(
        omissions,
        model.destinations().leftOut(),
        "connection to a further destination",
        "connections to further destinations");
    omit(
        omissions,
        model.names().leftOut(),
        "DNS query for a further name",
        "DNS queries for further names");
    omit(omissions, model.sockets().listening().leftOut(), "listening socket", "listening sockets");
    omit(
        omissions,
        model.sockets().accepted().leftOut(),
        "accepted connection",
        "accepted connections");
    omit(omissions, model.sockets().raw().leftOut(), "raw socket", "raw sockets");
    SeenEvents events = model.events();
    omit(omissions, events.findingCount() - events.findings().size(), "finding", "findings");
    omit(omissions, events.gapCount() - events.gaps().size(), "coverage gap", "coverage gaps");
    omit(omissions, events.othersLeftOut(), "event of a further kind", "events of further kinds");
    omit(omissions, model.stepsLeftOut(), "event of a further step", "events of further steps");
    return omissions;
  }

  private static void omit(List<String> omissions, long count, String one, String many) {
    if (count > 0) {
      omissions.add(
          Texts.count(count, one, many)
              + (count == 1 ? " was" : " were")
              + " counted, but not kept in detail");
    }
  }

  ReportView.Actors actors(Actors actors) {
    List<String> steps = new ArrayList<>();
    actors.steps().forEach(step -> steps.add(stepLabel(step)));
    List<ReportView.Actor> processes = new ArrayList<>();
    for (Actors.Actor each : actors.processes()) {
      ReportView.Actor actor = actor(each.node(), each.step());
      if (actor != null) {
        processes.add(actor);
      }
    }
    return new ReportView.Actors(processes, steps, actors.more());
  }

  private ReportView.@Nullable Actor actor(@Nullable ProcessNode node, StepContext step) {
    return node == null
        ? null
        : new ReportView.Actor(
            node.execId(), node.pid(), text(node.image().name()), step.id(), stepLabel(step));
  }

  String stepLabel(StepContext step) {
    return stepLabels.computeIfAbsent(
        step.id(),
        id -> {
          String name = step.name();
          if (name != null) {
            return text(name);
          }
          return id == 0 ? "outside any step" : "step " + (step.index() > 0 ? step.index() : id);
        });
  }

  /** {@return the gravest verdict of those given} */
  static String verdict(Tally verdicts) {
    String gravest = "observed";
    for (String verdict : verdicts.counts().keySet()) {
      if (rank(verdict) < rank(gravest)) {
        gravest = verdict;
      }
    }
    // Of the job's own texts none comes here; but a probe may be anyone's.
    return rank(gravest) < RANK_OTHER ? gravest : "observed";
  }

  private static final int RANK_OTHER = 4;

  private static int rank(String verdict) {
    return switch (verdict) {
      case "blocked" -> 0;
      case "would_block" -> 1;
      case "allowed" -> 2;
      case "observed" -> 3;
      default -> RANK_OTHER;
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private List<String> keys(Tally tally) {
    List<String> keys = texts(List.copyOf(tally.counts().keySet()));
    if (tally.beyond() > 0) {
      List<String> more = new ArrayList<>(keys);
      more.add("… and more");
      return more;
    }
    return keys;
  }

  private Map<String, Long> texts(Map<String, Long> counts) {
    Map<String, Long> clean = new LinkedHashMap<>();
    counts.forEach((name, count) -> clean.merge(text(name), count, Long::sum));
    return clean;
  }

  private Map<String, String> cleaned(Map<String, String> attributes) {
    Map<String, String> clean = new LinkedHashMap<>();
    attributes.forEach((name, value) -> clean.put(text(name), text(value)));
    return clean;
  }

  List<String> texts(List<String> texts) {
    return texts.stream().map(this::text).toList();
  }

  private @Nullable String textOrNull(@Nullable String text) {
    return text == null ? null : text(text);
  }

  /** {@return a text fit to be shown to whom the view is for} */
  String text(String text) {
    // Cut generously first: a secret across the final cut must still be seen as one.
    String clean = Texts.clip(Redaction.of(Texts.clip(text, 2 * valueChars)), valueChars);
    return visible ? Visible.of(clean) : Texts.wellFormed(clean);
  }
}
