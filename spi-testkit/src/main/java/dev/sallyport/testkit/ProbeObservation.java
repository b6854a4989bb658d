package dev.sallyport.testkit;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.host.HostCounts;
import dev.sallyport.agent.host.PluginFinder;
import dev.sallyport.agent.host.PluginSource;
import dev.sallyport.agent.host.ProbePlugin;
import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.agent.run.Observation;
import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.ProbeProvider;
import dev.sallyport.spi.runner.JobIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command as a job under the real host: the agent's core, the probes given and those of a
 * plugins directory, treated as the agent treats plugins that were dropped in. Needs what {@link
 * KernelTests#assumeKernel} asks for.
 */
public final class ProbeObservation {

  private static final int DEFAULT_RING = 1024 * 1024;
  private static final int STEP = 1;

  private final List<ProbeProvider> providers;
  private final Map<String, String> environment = new HashMap<>(System.getenv());
  private int ringBytes = DEFAULT_RING;
  private @Nullable Path plugins;

  ProbeObservation(ProbeProvider... providers) {
    this.providers = List.of(providers);
  }

  /**
   * Sets the ring's size; a tiny one loses records, which must be counted.
   *
   * @param bytes a power of two, at least a page
   */
  public ProbeObservation ring(int bytes) {
    ringBytes = bytes;
    return this;
  }

  /** Also loads the plugins of a directory, as {@code --plugins} does. */
  public ProbeObservation plugins(Path directory) {
    plugins = directory;
    return this;
  }

  /** Sets a variable of the command's environment, which is this process's otherwise. */
  public ProbeObservation environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * Runs a command to its end, and waits until all that the kernel saw of it was delivered.
   *
   * @param command the program, looked up in PATH, and its arguments
   * @throws IllegalStateException when this machine cannot observe, or has no such command
   */
  public Observed run(String... command) throws InterruptedException {
    return switch (Observation.prepare(ringBytes)) {
      case Observation.Outcome.Impossible(String reason) -> throw new IllegalStateException(reason);
      case Observation.Outcome.Ready(Observation observation) -> {
        try (observation) {
          yield run(observation, List.of(command));
        }
      }
    };
  }

  private Observed run(Observation observation, List<String> command) throws InterruptedException {
    // Positive and never 0, which means "no job".
    long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    long start = observation.clock().toUnixNanos(observation.clock().now());
    JobContext job = new JobContext(id, start, JobIdentity.UNKNOWN);
    observation.register(job);
    List<SeenEvent> events = new ArrayList<>();
    observation.pipeline().addConsumer(event -> events.add(seen(event)));
    observation.addProbes(found());
    observation.start();
    int status = status(observation, job, command);
    observation.pipeline().stop();
    HostCounts counts = observation.counts();
    return new Observed(
        status,
        List.copyOf(events),
        counts.events().stream()
            .map(count ->
                new Observed.Count(
                    count.probe(),
                    count.event(),
                    count.generated(),
                    count.lost(),
                    count.delivered()))
            .toList(),
        counts.faults().stream()
            .map(fault -> new Observed.Loss(fault.probe(), fault.reason(), fault.count()))
            .toList());
  }

  private List<ProbePlugin> found() {
    List<ProbePlugin> found = new ArrayList<>();
    for (ProbeProvider provider : providers) {
      Path from = Path.of(provider.getClass().getName());
      found.add(new ProbePlugin.Found(new PluginSource(from), provider, provider.descriptor()));
    }
    if (plugins != null) {
      new PluginFinder(Observation.hostLayer())
          .find(plugins).stream()
              .filter(plugin -> plugin.source().path() != null)
              .forEach(found::add);
    }
    return found;
  }

  private int status(Observation observation, JobContext job, List<String> command)
      throws InterruptedException {
    int[] thread = new int[1];
    CommandProcess.Start start =
        CommandProcess.start(
            command,
            environment,
            id -> {
              thread[0] = id;
              observation.roots().launchFrom(id, job.id(), STEP);
            });
    observation.roots().launched(thread[0]);
    return switch (start) {
      case CommandProcess.Start.Started(CommandProcess process) -> process.await().status();
      case CommandProcess.Start.Failed(boolean found, String reason) -> {
        observation.pipeline().stop();
        throw new IllegalStateException("running %s: %s".formatted(command.getFirst(), reason));
      }
    };
  }

  private static SeenEvent seen(ObservedEvent event) {
    ProcessNode process = event.process();
    return SeenEvent.of(
        event.probe(),
        event.event(),
        new Origin(
            event.timeUnixNanos(),
            event.job().id(),
            event.step().id(),
            process == null ? 0 : process.execId(),
            process == null ? 0 : process.pid(),
            0,
            0),
        process == null ? "" : process.image().executable());
  }
}
