package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.spi.runner.JobIdentity;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every record of a job shares: resource, identity, trace. One for each job, rebuilt when more
 * is learned of the job. One thread.
 */
final class JobResources {

  static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.builder("dev.sallyport.agent")
          .setSchemaUrl(SemanticConventions.SCHEMA_URL)
          .build();

  private final Resource agent;
  private final JobContext job;
  private final String idText;
  private final String traceId;
  private final SpanContext span;
  private final Map<Integer, Step> steps = new HashMap<>();
  private JobIdentity identity;
  private Resource resource;
  private Identity attributes;

  JobResources(Resource agent, JobContext job) {
    this.agent = agent;
    this.job = job;
    this.idText = job.idText();
    this.traceId = TraceIds.traceId(job);
    this.span = TraceIds.job(job, traceId);
    this.identity = job.identity();
    this.resource = resource(agent, identity);
    this.attributes = attributes(idText, identity);
  }

  /** Looks whether the job is better known than at the last call. */
  void refresh() {
    JobIdentity current = job.identity();
    if (!current.equals(identity)) {
      identity = current;
      resource = resource(agent, current);
      attributes = attributes(idText, current);
    }
  }

  JobContext job() {
    return job;
  }

  String traceId() {
    return traceId;
  }

  SpanContext span() {
    return span;
  }

  Resource resource() {
    return resource;
  }

  Identity attributes() {
    return attributes;
  }

  Step step(StepContext step) {
    Step known = steps.get(step.id());
    if (known == null) {
      known = new Step(step, TraceIds.step(job, traceId, step.id()));
      steps.put(step.id(), known);
    }
    return known;
  }

  /** What every record of a step shares. */
  static final class Step {
    private final StepContext step;
    private final SpanContext span;
    private @Nullable String name;
    private int index;
    private Identity attributes;

    Step(StepContext step, SpanContext span) {
      this.step = step;
      this.span = span;
      this.name = step.name();
      this.index = step.index();
      this.attributes = attributes(step.id(), name, index);
    }

    StepContext step() {
      return step;
    }

    SpanContext span() {
      return span;
    }

    Identity attributes() {
      String currentName = step.name();
      int currentIndex = step.index();
      if (currentIndex != index || !Objects.equals(currentName, name)) {
        name = currentName;
        index = currentIndex;
        attributes = attributes(step.id(), currentName, currentIndex);
      }
      return attributes;
    }

    private static Identity attributes(int id, @Nullable String name, int index) {
      Identity.Builder builder = new Identity.Builder(3);
      builder.put(SemanticConventions.STEP_ID, id);
      if (name != null) {
        builder.put(SemanticConventions.STEP_NAME, name);
      }
      if (index > 0) {
        builder.put(SemanticConventions.STEP_INDEX, index);
      }
      return builder.build();
    }
  }

  private static Identity attributes(String idText, JobIdentity identity) {
    Identity.Builder builder = new Identity.Builder(4);
    if (identity.job() != null) {
      builder.put(SemanticConventions.TASK_NAME, identity.job());
    }
    builder.put(SemanticConventions.TASK_RUN_ID, idText);
    builder.put(SemanticConventions.JOB_ID, idText);
    if (identity.runAttempt() > 0) {
      builder.put(SemanticConventions.RUN_ATTEMPT, identity.runAttempt());
    }
    return builder.build();
  }

  private static Resource resource(Resource agent, JobIdentity identity) {
    AttributesBuilder builder = Attributes.builder();
    put(builder, SemanticConventions.PIPELINE_NAME, identity.workflow());
    put(builder, SemanticConventions.PIPELINE_RUN_ID, identity.runId());
    put(builder, SemanticConventions.PIPELINE_RUN_URL, identity.runUrl());
    put(builder, SemanticConventions.WORKER_NAME, identity.runnerName());
    put(builder, SemanticConventions.REF_NAME, identity.refName());
    put(builder, SemanticConventions.REF_REVISION, identity.revision());
    String repository = identity.repository();
    if (repository != null) {
      int slash = repository.lastIndexOf('/');
      put(builder, SemanticConventions.REPOSITORY_NAME, repository.substring(slash + 1));
      put(
          builder,
          SemanticConventions.OWNER_NAME,
          slash > 0 ? repository.substring(0, slash) : null);
      put(
          builder,
          SemanticConventions.REPOSITORY_URL,
          repositoryUrl(repository, identity.runUrl()));
    }
    return agent.merge(Resource.create(builder.build()));
  }

  // A run's page lies below its repository's page in every system that has both.
  private static @Nullable String repositoryUrl(String repository, @Nullable String runUrl) {
    int at = runUrl == null ? -1 : runUrl.indexOf("/" + repository + "/");
    return at < 0
        ? null
        : Objects.requireNonNull(runUrl).substring(0, at + 1 + repository.length());
  }

  private static void put(
      AttributesBuilder builder,
      io.opentelemetry.api.common.AttributeKey<String> key,
      @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      builder.put(key, Limits.text(value));
    }
  }
}
