package dev.sallyport.agent.run;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.pipeline.EventConsumer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where a run's events go: export, events file, report, terminal. */
final class RunOutputs {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final List<EventConsumer> consumers;

  private RunOutputs(List<EventConsumer> consumers) {
    this.consumers = consumers;
  }

  /** What became of opening them. */
  sealed interface Outcome {
    /** All that was asked for is open. */
    record Opened(RunOutputs outputs) implements Outcome {}

    /**
     * Something asked for cannot be had.
     *
     * @param status the exit status
     */
    record Invalid(String reason, int status) implements Outcome {}
  }

  static Outcome open(
      RunSettings settings, JobContext job, Observation observation, PrintStream terminal) {
    List<EventConsumer> consumers = new ArrayList<>();
    if (System.getenv("SALLYPORT_DEBUG") != null) {
      consumers.add(event -> terminal.println(event.event().name() + " " + event.process()));
    }
    consumers.forEach(observation.pipeline()::addConsumer);
    return new Outcome.Opened(new RunOutputs(consumers));
  }

  void finish() {
    for (EventConsumer consumer : consumers) {
      consumer.finish(DEADLINE);
    }
  }
}
