package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.agent.pipeline.ObservedEvent;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From the beginnings and ends of jobs, steps and process images to spans. One thread, the one of
 * its {@link RecordMapper}.
 *
 * <p>A job is a trace; below it its steps, below these their process images, each below the image
 * that started it. A span is told when its subject ends. What is still open at {@link #finish} is
 * told as far as it came, marked {@code sallyport.unfinished}.
 */
final class TraceBuilder {

  private final RecordMapper mapper;
  private final AttributeNames names;
  private final Map<Long, OpenJob> open = new HashMap<>();
  private List<SpanRecord> ended = new ArrayList<>();

  TraceBuilder(RecordMapper mapper, AttributeNames names) {
    this.mapper = mapper;
    this.names = names;
  }

  /** Looks at an event; most say nothing about spans. */
  void accept(ObservedEvent event) {
    switch (event.event().name()) {
      case SemanticConventions.JOB_STARTED -> open(event);
      case SemanticConventions.STEP_STARTED ->
          open(event).steps.put(event.step().id(), event.timeUnixNanos());
      case SemanticConventions.PROCESS_EXEC -> processBegan(event);
      case SemanticConventions.PROCESS_EXIT -> processEnded(event);
      case SemanticConventions.STEP_ENDED -> stepEnded(event);
      case SemanticConventions.JOB_ENDED -> jobEnded(event);
      default -> {}
    }
  }

  /** {@return the spans that ended since the last call} */
  List<SpanRecord> takeEnded() {
    if (ended.isEmpty()) {
      return List.of();
    }
    List<SpanRecord> taken = ended;
    ended = new ArrayList<>();
    return taken;
  }

  /** {@return how many spans wait to be taken} */
  int endedCount() {
    return ended.size();
  }

  /** Ends all that is open, at a time. */
  void finish(long unixNanos) {
    for (OpenJob job : open.values()) {
      job.processes.forEach((execId, process) -> add(job, process, unixNanos, null));
      job.steps.forEach((step, start) -> addStep(job, step, start, unixNanos, null));
      if (!job.ended) {
        addJob(job, unixNanos, null);
      }
    }
    open.clear();
  }

  private OpenJob open(ObservedEvent event) {
    return open.computeIfAbsent(
        event.job().id(), id -> new OpenJob(mapper.job(event.job()), event.job().startUnixNanos()));
  }

  private void processBegan(ObservedEvent event) {
    ProcessNode node = event.process();
    if (node != null && !node.image().forked()) {
      OpenJob job = open(event);
      job.processes.put(node.execId(), process(event, job, node));
    }
  }

  private void processEnded(ObservedEvent event) {
    ProcessNode node = event.process();
    if (node == null || node.image().forked()) {
      return; // A copy of its parent is no image of its own.
    }
    OpenJob job = open(event);
    OpenProcess began = job.processes.remove(node.execId());
    OpenProcess process = began != null ? began : process(event, job, node);
    ProcessNode.Exit exit = node.exit();
    add(
        job,
        process,
        exit != null ? exit.unixNanos() : event.timeUnixNanos(),
        exit != null ? exit : new ProcessNode.Exit(event.timeUnixNanos(), 0, 0, false));
    dropWhenOver(job);
  }

  private OpenProcess process(ObservedEvent event, OpenJob job, ProcessNode node) {
    KnownProcess known = mapper.process(node, job.resources, job.resources.step(event.step()));
    return new OpenProcess(node.image().name(), node.image().execUnixNanos(), event.step(), known);
  }

  private void stepEnded(ObservedEvent event) {
    OpenJob job = open(event);
    Long start = job.steps.remove(event.step().id());
    addStep(
        job,
        event.step().id(),
        start != null ? start : event.timeUnixNanos(),
        event.timeUnixNanos(),
        event);
  }

  private void jobEnded(ObservedEvent event) {
    OpenJob job = open(event);
    addJob(job, event.timeUnixNanos(), event);
    job.ended = true;
    dropWhenOver(job);
  }

  // A job's processes may outlive it: what is kept of it goes with the last of them.
  private void dropWhenOver(OpenJob job) {
    if (job.ended && job.processes.isEmpty() && job.steps.isEmpty()) {
      open.remove(job.resources.job().id());
      mapper.forget(job.resources.job());
    }
  }

  private void add(
      OpenJob job, OpenProcess process, long endUnixNanos, ProcessNode.@Nullable Exit exit) {
    RecordAttributes attributes = new RecordAttributes(names);
    job.resources.refresh();
    attributes.begin(
        job.resources.attributes(),
        job.resources.step(process.step).attributes(),
        process.known.attributes());
    StatusData status = StatusData.unset();
    if (exit == null) {
      attributes.add(SemanticConventions.UNFINISHED, true);
    } else if (!exit.replaced()) {
      attributes.add(SemanticConventions.PROCESS_EXIT_CODE, (long) exit.code());
      if (exit.signal() != 0) {
        attributes.add(SemanticConventions.PROCESS_EXIT_SIGNAL, (long) exit.signal());
      }
      status = status(exit);
    }
    ended.add(
        new SpanRecord(
            Limits.text(process.name),
            process.known.span(),
            process.known.parent(),
            process.startUnixNanos,
            endUnixNanos,
            status,
            attributes,
            job.resources.resource()));
  }

  private static StatusData status(ProcessNode.Exit exit) {
    if (exit.signal() != 0) {
      return StatusData.create(StatusCode.ERROR, "signal " + exit.signal());
    }
    return exit.code() == 0
        ? StatusData.unset()
        : StatusData.create(StatusCode.ERROR, "exit code " + exit.code());
  }

  private void addStep(
      OpenJob job, int stepId, long start, long end, @Nullable ObservedEvent event) {
    StepContext step = job.resources.job().step(stepId);
    JobResources.Step known = job.resources.step(step);
    String name = step.name();
    addPlace(
        job,
        name != null ? name : "step " + stepId,
        known.span(),
        job.resources.span(),
        known.attributes(),
        start,
        end,
        event);
  }

  private void addJob(OpenJob job, long end, @Nullable ObservedEvent event) {
    String name = job.resources.job().identity().job();
    addPlace(
        job,
        name != null ? name : "job " + job.resources.job().idText(),
        job.resources.span(),
        SpanContext.getInvalid(),
        Identity.EMPTY,
        job.startUnixNanos,
        end,
        event);
  }

  private void addPlace(
      OpenJob job,
      String name,
      SpanContext span,
      SpanContext parent,
      Identity step,
      long start,
      long end,
      @Nullable ObservedEvent event) {
    RecordAttributes attributes = new RecordAttributes(names);
    job.resources.refresh();
    attributes.begin(job.resources.attributes(), step, Identity.EMPTY);
    StatusData status = StatusData.unset();
    if (event == null) {
      attributes.add(SemanticConventions.UNFINISHED, true);
    } else {
      event.event().describe(attributes);
      status = attributes.failed() ? StatusData.error() : StatusData.unset();
    }
    ended.add(
        new SpanRecord(
            Limits.text(name),
            span,
            parent,
            start,
            end,
            status,
            attributes,
            job.resources.resource()));
  }

  private static final class OpenJob {
    private final JobResources resources;
    private final long startUnixNanos;
    private final Map<Integer, Long> steps = new LinkedHashMap<>();
    private final Map<Long, OpenProcess> processes = new HashMap<>();
    private boolean ended;

    OpenJob(JobResources resources, long startUnixNanos) {
      this.resources = resources;
      this.startUnixNanos = startUnixNanos;
    }
  }

  private record OpenProcess(
      String name, long startUnixNanos, StepContext step, KnownProcess known) {}
}
