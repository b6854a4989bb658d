package dev.sallyport.agent.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.host.HostCounts;
import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.runner.JobIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A real command, run as a job under the real core.
 *
 * @param events all events of the job, in order
 * @param counts what the kernel generated, lost and delivered
 * @param exit how the command ended
 * @param jobId the job
 * @param pid the command's process
 */
record ObservedJob(
    List<ObservedEvent> events, HostCounts counts, CommandProcess.Exit exit, long jobId, int pid) {

  private static final int RING_BYTES = 8 * 1024 * 1024;
  private static final long JOB = 0x5a11_1907L;

  /** Skips the test, saying why, where the kernel cannot be used. */
  static void assumeKernel() {
    KernelSupport.Check obstacle = KernelSupport.firstObstacle();
    if (obstacle != null) {
      System.out.printf("skipped: %s: %s%n", obstacle.subject(), obstacle.detail());
    }
    assumeTrue(obstacle == null, () -> "this machine cannot: " + obstacle);
  }

  static ObservedJob run(String... command) throws InterruptedException {
    return run(RING_BYTES, true, pid -> {}, command);
  }

  /**
   * Runs a command.
   *
   * @param readMeanwhile false leaves the ring alone until the command has ended
   * @param started told of the command's process id once it runs
   */
  static ObservedJob run(
      int ringBytes, boolean readMeanwhile, Consumer<Integer> started, String... command)
      throws InterruptedException {
    Observation.Outcome outcome = Observation.prepare(ringBytes);
    if (outcome instanceof Observation.Outcome.Impossible(String reason)) {
      throw new AssertionError(reason);
    }
    try (Observation observation = ((Observation.Outcome.Ready) outcome).observation()) {
      List<ObservedEvent> events = new ArrayList<>();
      observation.register(new JobContext(JOB, 0, JobIdentity.UNKNOWN));
      observation.pipeline().addConsumer(events::add);
      if (readMeanwhile) {
        observation.start();
      }
      int[] thread = new int[1];
      CommandProcess.Start start =
          CommandProcess.start(
              List.of(command),
              Map.of("PATH", System.getenv("PATH")),
              id -> {
                thread[0] = id;
                observation.roots().launchFrom(id, JOB, 1);
              });
      observation.roots().launched(thread[0]);
      CommandProcess process = ((CommandProcess.Start.Started) start).process();
      started.accept(process.pid());
      CommandProcess.Exit exit = process.await();
      if (!readMeanwhile) {
        observation.start();
      }
      observation.pipeline().stop();
      return new ObservedJob(events, observation.counts(), exit, JOB, process.pid());
    }
  }

  /** {@return the events of a name} */
  List<ObservedEvent> named(String name) {
    return events.stream().filter(event -> event.event().name().equals(name)).toList();
  }
}
