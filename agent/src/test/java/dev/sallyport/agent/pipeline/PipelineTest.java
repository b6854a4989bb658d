package dev.sallyport.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.Jobs;
import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.spi.runner.JobIdentity;
import dev.sallyport.spi.runner.StepIdentity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pipeline does with an event, without a kernel. */
class PipelineTest {

  private final Jobs jobs = new Jobs();
  private final Pipeline pipeline = new Pipeline(new KernelClock(), jobs, new ProcessTable());
  private final List<ObservedEvent> events = new ArrayList<>();

  @Test
  void eachJobCountsItsOwnEventsWithoutAGap() {
    pipeline.addConsumer(events::add);
    for (int i = 0; i < 10; i++) {
      pipeline.receive("test", i, 1 + i % 2, 0, 0, 0, new AgentEvents.JobStarted());
    }

    assertThat(sequencesOf(1)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(sequencesOf(2)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void whatIsLearnedLateBindsToWhatWasSeenBefore() {
    pipeline.addConsumer(events::add);
    pipeline.receive("test", 1, 7, 3, 0, 0, new AgentEvents.StepStarted());
    JobContext job = jobs.of(7, 0);
    job.identify(new JobIdentity("acme/app", "ci", "build", "1", 1, null, null, null, null));
    job.identifyStep(new StepIdentity(3, "Install", 2));

    assertThat(events.getFirst().job().identity().repository()).isEqualTo("acme/app");
    assertThat(events.getFirst().step().name()).isEqualTo("Install");
  }

  @Test
  void aConsumerThatThrowsIsCountedAndTheOthersGoOn() {
    pipeline.addConsumer(event -> {
      throw new IllegalStateException("a bug");
    });
    pipeline.addConsumer(events::add);
    pipeline.receive("test", 1, 7, 0, 0, 0, new AgentEvents.JobStarted());

    assertThat(events).hasSize(1);
  }

  private List<Long> sequencesOf(long jobId) {
    return events.stream()
        .filter(event -> event.job().id() == jobId)
        .map(ObservedEvent::sequence)
        .toList();
  }
}
