package dev.sallyport.probe.network.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.host.HostCounts;
import dev.sallyport.agent.host.ProbeState;
import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.agent.run.Observation;
import dev.sallyport.probe.network.NetworkProbe;
import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.runner.JobIdentity;
import dev.sallyport.testkit.lab.Lab;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A real command in the lab, run as a job under the real host with this probe.
 *
 * @param events the probe's events, each as its attributes, its name under {@code name} and its
 *     process's program under {@code program}
 * @param counts what the kernel generated, lost and delivered
 */
record NetworkJob(List<Map<String, Object>> events, HostCounts counts) {

  private static final int RING_BYTES = 8 * 1024 * 1024;
  private static final long JOB = 0x4e7;

  /** Skips the test, saying why, where the kernel cannot be used. */
  static void assumeKernel() {
    KernelSupport.Check obstacle = KernelSupport.firstObstacle();
    assumeTrue(obstacle == null, () -> "this machine cannot: " + obstacle);
  }

  /** Runs a Python program in the lab, its arguments in {@code sys.argv[1:]}. */
  static NetworkJob python(Lab lab, String program, String... arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", program));
    command.addAll(List.of(arguments));
    return run(lab, command.toArray(String[]::new));
  }

  /** Runs a command in the lab; it must succeed, and nothing may be lost. */
  static NetworkJob run(Lab lab, String... command) throws InterruptedException {
    Map<String, String> environment = new HashMap<>(lab.environment());
    environment.put("PATH", System.getenv("PATH"));
    Observation.Outcome outcome = Observation.prepare(RING_BYTES);
    if (outcome instanceof Observation.Outcome.Impossible(String reason)) {
      throw new AssertionError(reason);
    }
    try (Observation observation = ((Observation.Outcome.Ready) outcome).observation()) {
      List<Map<String, Object>> events = new ArrayList<>();
      List<ObservedEvent> gaps = new ArrayList<>();
      observation.register(new JobContext(JOB, 0, JobIdentity.UNKNOWN));
      observation
          .pipeline()
          .addConsumer(event -> {
            if (event.probe().equals(NetworkProbe.ID)) {
              assertThat(event.job().id()).isEqualTo(JOB);
              events.add(attributes(event));
            }
          });
      NetworkProbe probe = new NetworkProbe();
      ProbeState state = observation.host().add(probe, probe.descriptor());
      assertThat(state).isInstanceOf(ProbeState.Running.class);
      observation.start();
      int[] thread = new int[1];
      CommandProcess.Start start =
          CommandProcess.start(
              lab.command(command),
              environment,
              id -> {
                thread[0] = id;
                observation.roots().launchFrom(id, JOB, 1);
              });
      observation.roots().launched(thread[0]);
      CommandProcess.Exit exit = ((CommandProcess.Start.Started) start).process().await();
      observation.pipeline().stop();
      HostCounts counts = observation.counts();
      assertThat(exit.status()).as("the command's exit status").isZero();
      assertThat(counts.events()).allMatch(count -> count.lost() == 0);
      assertThat(counts.faults()).isEmpty();
      assertThat(gaps).isEmpty();
      return new NetworkJob(events, counts);
    }
  }

  /** {@return the events of a name, without its {@code sallyport.} prefix} */
  List<Map<String, Object>> named(String name) {
    return events.stream()
        .filter(event -> ("sallyport." + name).equals(event.get("name")))
        .toList();
  }

  /** {@return the connect events to a port} */
  List<Map<String, Object>> connects(int port) {
    return named("network.connect").stream()
        .filter(event -> event.get("network.peer.port").equals((long) port))
        .toList();
  }

  /** {@return an attribute's sum over events} */
  static long sum(List<Map<String, Object>> events, String attribute) {
    return events.stream().mapToLong(event -> (Long) event.get(attribute)).sum();
  }

  private static Map<String, Object> attributes(ObservedEvent event) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("name", event.event().name());
    attributes.put("program", Objects.requireNonNull(event.process()).image().name());
    event
        .event()
        .describe(
            new AttributeSink() {
              @Override
              public void put(String key, String value) {
                attributes.put(key, value);
              }

              @Override
              public void put(String key, long value) {
                attributes.put(key, value);
              }

              @Override
              public void put(String key, boolean value) {
                attributes.put(key, value);
              }

              @Override
              public void put(String key, List<String> value) {
                attributes.put(key, value);
              }
            });
    return attributes;
  }
}
