package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.ProbeEvent;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * From events to OpenTelemetry log records. One thread.
 *
 * <p>Keeps what the records of a job, a step and a process image share for as long as these are
 * about: a process image until nothing refers to its {@link ProcessNode} any more, which is when no
 * further event can name it or a descendant of it.
 */
final class RecordMapper {

  private final Resource agent;
  private final Map<Long, JobResources> jobs = new HashMap<>();
  private final Map<ProcessNode, KnownProcess> processes = new WeakHashMap<>();
  // Most events come in runs from one process: spares the maps.
  private @Nullable JobResources lastJob;
  private @Nullable ProcessNode lastNode;
  private @Nullable KnownProcess lastProcess;

  RecordMapper(Resource agent) {
    this.agent = agent;
  }

  /** Writes an event into a record, which stays valid until the record is used again. */
  void map(ObservedEvent observed, EventRecord record) {
    ProbeEvent event = observed.event();
    JobResources job = job(observed.job());
    JobResources.Step step = job.step(observed.step());
    ProcessNode node = observed.process();
    KnownProcess process = node == null ? null : process(node, job, step);

    RecordAttributes attributes = record.attributes;
    attributes.begin(
        job.attributes(),
        step.attributes(),
        process == null ? Identity.EMPTY : process.attributes());
    attributes.add(SemanticConventions.SEQUENCE, observed.sequence());
    event.describe(attributes);

    record.resource = job.resource();
    record.span = process == null ? place(job, step) : process.span();
    record.severity = severity(event);
    record.eventName = event.name();
    record.timeUnixNanos = observed.timeUnixNanos();
    record.observedUnixNanos = observed.observedUnixNanos();
  }

  /** {@return what is kept of a job, as it is known now} */
  JobResources job(JobContext context) {
    JobResources job = lastJob;
    if (job == null || job.job() != context) {
      job = jobs.get(context.id());
      if (job == null || job.job() != context) {
        job = new JobResources(agent, context);
        jobs.put(context.id(), job);
      }
      lastJob = job;
    }
    job.refresh();
    return job;
  }

  /** {@return what is kept of a process image} */
  KnownProcess process(ProcessNode node, JobResources job, JobResources.Step step) {
    KnownProcess last = lastProcess;
    if (last != null && node == lastNode && last.jobId() == job.job().id()) {
      return last;
    }
    KnownProcess process = processes.get(node);
    if (process == null || process.jobId() != job.job().id()) {
      process = know(node, job, step);
      processes.put(node, process);
    }
    lastNode = node;
    lastProcess = process;
    return process;
  }

  /** Forgets a job; what lingers of it is looked up anew. */
  void forget(JobContext context) {
    jobs.remove(context.id());
    lastJob = null;
  }

  private KnownProcess know(ProcessNode node, JobResources job, JobResources.Step step) {
    SpanContext above = above(node, job, step);
    SpanContext own =
        node.image().forked() ? above : TraceIds.process(job.job(), job.traceId(), node.execId());
    return new KnownProcess(
        job.job().id(), step.step().id(), KnownProcess.identity(node), own, above);
  }

  // The nearest image that executed something, when it belongs to the same step; the first process
  // of a step hangs below the step, and what started it (the runner) is elsewhere.
  private SpanContext above(ProcessNode node, JobResources job, JobResources.Step step) {
    ProcessNode parent = node.parent();
    while (parent != null && parent.image().forked()) {
      parent = parent.parent();
    }
    KnownProcess known = parent == null ? null : processes.get(parent);
    return known != null && known.jobId() == job.job().id() && known.stepId() == step.step().id()
        ? known.span()
        : place(job, step);
  }

  /** {@return the span of a step, or the job's outside any step} */
  static SpanContext place(JobResources job, JobResources.Step step) {
    return step.step().id() == 0 ? job.span() : step.span();
  }

  private static Severity severity(ProbeEvent event) {
    return switch (event.severity()) {
      case INFO -> Severity.INFO;
      case WARN -> Severity.WARN;
      case ERROR -> Severity.ERROR;
    };
  }
}
