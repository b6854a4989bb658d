package dev.sallyport.agent.pipeline;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.event.Severity;
import dev.sallyport.spi.runner.JobResult;

/** The events that the agent itself gives, about jobs, steps and its own sight. */
public final class AgentEvents {

  private AgentEvents() {}

  /** A job began. */
  public record JobStarted() implements ProbeEvent {
    @Override
    public String name() {
      return "sallyport.job.started";
    }

    @Override
    public void describe(AttributeSink sink) {}
  }

  /** A job ended. */
  public record JobEnded(JobResult result) implements ProbeEvent {
    @Override
    public String name() {
      return "sallyport.job.ended";
    }

    @Override
    public void describe(AttributeSink sink) {
      sink.put("cicd.pipeline.result", semconv(result));
    }
  }

  /** A step began. */
  public record StepStarted() implements ProbeEvent {
    @Override
    public String name() {
      return "sallyport.step.started";
    }

    @Override
    public void describe(AttributeSink sink) {}
  }

  /** A step ended. */
  public record StepEnded(JobResult result) implements ProbeEvent {
    @Override
    public String name() {
      return "sallyport.step.ended";
    }

    @Override
    public void describe(AttributeSink sink) {
      sink.put("cicd.pipeline.task.run.result", semconv(result));
    }
  }

  /**
   * Something was not seen, or may not have been.
   *
   * @param probe the probe that has the gap
   * @param reason why, in a sentence
   * @param sinceUnixNanos from when on
   */
  public record CoverageGap(String probe, String reason, long sinceUnixNanos)
      implements ProbeEvent {
    @Override
    public String name() {
      return "sallyport.coverage.gap";
    }

    @Override
    public void describe(AttributeSink sink) {
      sink.put("sallyport.probe", probe);
      sink.put("sallyport.gap.reason", reason);
      sink.put("sallyport.gap.since", sinceUnixNanos);
    }

    @Override
    public Severity severity() {
      return Severity.WARN;
    }
  }

  // The values that the CI/CD semantic conventions give for a run's result.
  private static String semconv(JobResult result) {
    return switch (result) {
      case SUCCESS -> "success";
      case FAILURE -> "failure";
      case CANCELLED -> "cancellation";
      case ABANDONED -> "error";
    };
  }
}
