package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.ProbeEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one job, aggregated as it happens, in bounded memory.
 *
 * <p>It knows events by name and attributes alone, never by class: a third party's events are shown
 * with counts and examples. Connection counts and bytes of several events about one destination are
 * added up.
 *
 * <p>{@link #accept} belongs to the reader thread. A report may be written from another thread once
 * the last event was accepted and the reader thread was joined.
 */
public final class ReportModel implements EventConsumer, LossSource {

  private static final int MAX_PROBES = 100;

  private final Attributes attributes;
  private final SeenProcesses processes;
  private final SeenDestinations destinations;
  private final SeenNames names;
  private final SeenSockets sockets;
  private final SeenEvents events;
  private final Map<Integer, StepSpan> steps = new LinkedHashMap<>();
  private final Tally eventsByProbe = new Tally(MAX_PROBES);
  private final Map<Loss, Long> faults = new ConcurrentHashMap<>();
  private final Limits limits;
  private @Nullable JobContext job;
  private @Nullable String result;
  private long count;
  private long firstNanos;
  private long lastNanos;
  private long endNanos;
  private long stepsLeftOut;

  /** Makes an empty model with {@link Limits#DEFAULT}. */
  public ReportModel() {
    this(Limits.DEFAULT);
  }

  /** Makes an empty model. */
  public ReportModel(Limits limits) {
    this.limits = limits;
    attributes = new Attributes(limits.valueChars());
    processes = new SeenProcesses(limits);
    destinations = new SeenDestinations(limits);
    names = new SeenNames(limits);
    sockets = new SeenSockets(limits);
    events = new SeenEvents(limits);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The first event decides which job the model is about; events of another job are a mistake of
   * the caller and are counted as lost.
   */
  @Override
  public void accept(ObservedEvent event) {
    if (job == null) {
      job = event.job();
      firstNanos = event.timeUnixNanos();
    } else if (job.id() != event.job().id()) {
      fault(event, "event of another job");
      return;
    }
    count++;
    lastNanos = Math.max(lastNanos, event.timeUnixNanos());
    eventsByProbe.add(event.probe(), 1);
    read(event);
    StepSpan span = span(event);
    switch (event.event().name()) {
      case "sallyport.job.started" -> {}
      case "sallyport.job.ended" -> {
        endNanos = event.timeUnixNanos();
        result = attributes.text("cicd.pipeline.result");
      }
      case "sallyport.step.started" -> {}
      case "sallyport.step.ended" -> {
        if (span != null) {
          span.endNanos = event.timeUnixNanos();
          span.result = attributes.text("cicd.pipeline.task.run.result");
        }
      }
      case "sallyport.process.exec" -> processes.executed(event, attributes);
      case "sallyport.process.exit" -> processes.exited(event, attributes);
      case "sallyport.network.connect" ->
          destinations.connected(event, attributes, processes.show(event));
      case "sallyport.tls.client_hello" ->
          destinations.greeted(event, attributes, processes.show(event));
      case "sallyport.dns.query" -> {
        processes.show(event);
        names.asked(event, attributes);
      }
      case "sallyport.network.listen" -> {
        processes.show(event);
        sockets.listened(event, attributes);
      }
      case "sallyport.network.accept" -> {
        processes.show(event);
        sockets.accepted(event, attributes);
      }
      case "sallyport.network.raw_socket" -> {
        processes.show(event);
        sockets.openedRaw(event, attributes);
      }
      case "sallyport.finding" -> events.found(event, attributes, processes.show(event));
      case "sallyport.coverage.gap" -> events.missed(event, attributes);
      default -> {
        processes.show(event);
        events.other(event, attributes);
      }
    }
  }

  // An event is a plugin's code: if it throws, what it said so far stands, and that is told.
  private void read(ObservedEvent event) {
    try {
      attributes.read(event.event());
    } catch (RuntimeException | LinkageError | StackOverflowError thrown) {
      fault(event, "fault: describing it threw " + thrown.getClass().getName());
    }
  }

  private void fault(ObservedEvent event, String reason) {
    ProbeEvent what = event.event();
    Loss key = new Loss(event.probe(), what.name(), reason, 0);
    if (faults.size() < MAX_PROBES || faults.containsKey(key)) {
      faults.merge(key, 1L, Long::sum);
    } else {
      faults.merge(new Loss("agent", "*", "fault: further kinds", 0), 1L, Long::sum);
    }
  }

  private @Nullable StepSpan span(ObservedEvent event) {
    StepContext step = event.step();
    StepSpan span = steps.get(step.id());
    if (span == null) {
      if (steps.size() >= limits.steps()) {
        stepsLeftOut++;
        return null;
      }
      span = new StepSpan(step, event.timeUnixNanos());
      steps.put(step.id(), span);
    }
    span.events++;
    span.lastNanos = Math.max(span.lastNanos, event.timeUnixNanos());
    return span;
  }

  /**
   * {@inheritDoc}
   *
   * <p>These are events that the report could not read; what it merely keeps no details of is not
   * lost, and stands in the report itself.
   */
  @Override
  public List<Loss> losses() {
    List<Loss> losses = new ArrayList<>();
    faults.forEach(
        (what, times) -> losses.add(new Loss(what.probe(), what.event(), what.reason(), times)));
    return losses;
  }

  @Nullable JobContext job() {
    return job;
  }

  /** {@return how the job ended, in the words of the CI/CD conventions; null if it did not} */
  @Nullable String result() {
    return result;
  }

  long count() {
    return count;
  }

  Map<String, Long> eventsByProbe() {
    return eventsByProbe.counts();
  }

  long startNanos() {
    return job == null ? 0 : job.startUnixNanos() > 0 ? job.startUnixNanos() : firstNanos;
  }

  /** {@return when the job ended or, if nothing said so, when it was last heard of} */
  long endNanos() {
    return endNanos > 0 ? endNanos : lastNanos;
  }

  Iterable<StepSpan> steps() {
    return steps.values();
  }

  int stepCount() {
    return steps.size();
  }

  /** {@return events of steps that are not kept} */
  long stepsLeftOut() {
    return stepsLeftOut;
  }

  SeenProcesses processes() {
    return processes;
  }

  SeenDestinations destinations() {
    return destinations;
  }

  SeenNames names() {
    return names;
  }

  SeenSockets sockets() {
    return sockets;
  }

  SeenEvents events() {
    return events;
  }

  /** From when to when a step was seen. */
  static final class StepSpan {
    final StepContext step;
    final long startNanos;
    long endNanos;
    long lastNanos;
    long events;
    @Nullable String result;

    private StepSpan(StepContext step, long startNanos) {
      this.step = step;
      this.startNanos = startNanos;
      this.lastNanos = startNanos;
    }
  }
}
