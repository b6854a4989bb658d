package dev.sallyport.agent.correlation;

import dev.sallyport.spi.runner.JobIdentity;
import dev.sallyport.spi.runner.StepIdentity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A job as far as it is known. What an adapter learns late is written here, and so binds to all
 * that was observed before.
 *
 * <p>Thread-safe: written by adapters, read by consumers.
 */
public final class JobContext {

  private final long id;
  private final long startUnixNanos;
  private final Map<Integer, StepContext> steps = new ConcurrentHashMap<>();
  private volatile JobIdentity identity;

  /** Makes the context of a job that began at a wall-clock time. */
  public JobContext(long id, long startUnixNanos, JobIdentity identity) {
    this.id = id;
    this.startUnixNanos = startUnixNanos;
    this.identity = identity;
  }

  /** {@return the number that every kernel record of the job carries} */
  public long id() {
    return id;
  }

  /** {@return the id as people and records show it: 16 hexadecimal digits} */
  public String idText() {
    return "%016x".formatted(id);
  }

  /** {@return when the job began, in nanoseconds since 1970} */
  public long startUnixNanos() {
    return startUnixNanos;
  }

  /** {@return what is known of the job now} */
  public JobIdentity identity() {
    return identity;
  }

  /** Replaces what is known of the job. */
  public void identify(JobIdentity newIdentity) {
    identity = newIdentity;
  }

  /** {@return the step of a number, made on first use} Number 0 stands for "outside any step". */
  public StepContext step(int stepId) {
    StepContext known = steps.get(stepId);
    return known != null ? known : steps.computeIfAbsent(stepId, StepContext::new);
  }

  /** Says what a step is called. */
  public void identifyStep(StepIdentity step) {
    step(step.stepId()).identify(step);
  }

  /** {@return the steps seen so far, in no order} */
  public Iterable<StepContext> steps() {
    return steps.values();
  }
}
