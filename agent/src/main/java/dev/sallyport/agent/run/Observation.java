package dev.sallyport.agent.run;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.Jobs;
import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.agent.host.HostCounts;
import dev.sallyport.agent.host.PluginFinder;
import dev.sallyport.agent.host.ProbeHost;
import dev.sallyport.agent.host.ProbePlugin;
import dev.sallyport.agent.host.ProbeState;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.pipeline.Pipeline;
import dev.sallyport.agent.process.AgentAncestry;
import dev.sallyport.agent.process.JobRoots;
import dev.sallyport.agent.process.ProcessProbe;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The probes at work, from the kernel to the pipeline: what {@code run} and the daemon have in
 * common. Made and closed on one control thread.
 */
public final class Observation implements AutoCloseable {

  private final KernelSupport kernel;
  private final KernelClock clock;
  private final Jobs jobs;
  private final Pipeline pipeline;
  private final ProbeHost host;

  private Observation(
      KernelSupport kernel, KernelClock clock, Jobs jobs, Pipeline pipeline, ProbeHost host) {
    this.kernel = kernel;
    this.clock = clock;
    this.jobs = jobs;
    this.pipeline = pipeline;
    this.host = host;
  }

  /** What became of preparing it. */
  public sealed interface Outcome {

    /** The core observes; other probes are added with {@link #addProbes}. */
    record Ready(Observation observation) implements Outcome {}

    /**
     * The core cannot run here.
     *
     * @param reason in one line, with the remedy
     */
    record Impossible(String reason) implements Outcome {}
  }

  /**
   * Loads and attaches the core. Nothing is read before {@link Pipeline#start}.
   *
   * @param ringBytes size of the ring buffer, a power of two
   */
  public static Outcome prepare(int ringBytes) {
    KernelSupport.Check obstacle = KernelSupport.firstObstacle();
    if (obstacle != null) {
      return new Outcome.Impossible(
          "%s: %s: %s".formatted(obstacle.subject(), obstacle.detail(), obstacle.remedy()));
    }
    KernelSupport kernel = KernelSupport.open();
    KernelClock clock = new KernelClock();
    Jobs jobs = new Jobs();
    ProcessTable processes = new ProcessTable();
    Pipeline pipeline = new Pipeline(clock, jobs, processes);
    ProbeHost host = new ProbeHost(kernel, clock, pipeline, ringBytes);
    ProcessProbe core = new ProcessProbe(processes, AgentAncestry.read(), pipeline::processEnded);
    if (host.add(core, core.descriptor()) instanceof ProbeState.Refused(String reason)) {
      host.close();
      kernel.close();
      return new Outcome.Impossible(reason);
    }
    return new Outcome.Ready(new Observation(kernel, clock, jobs, pipeline, host));
  }

  /**
   * Finds and starts the other probes. One that cannot run is told as a coverage gap, and the rest
   * goes on.
   *
   * @param pluginDirectory where third-party plugins are, null for none
   */
  public void addProbes(@Nullable Path pluginDirectory) {
    addProbes(new PluginFinder(hostLayer()).find(pluginDirectory));
  }

  /** Starts probes that were found elsewhere, and tells of those that cannot run. */
  public void addProbes(List<ProbePlugin> plugins) {
    for (ProbePlugin plugin : plugins) {
      switch (plugin) {
        case ProbePlugin.Unusable unusable ->
            pipeline.coverageGap(unusable.name(), unusable.reason());
        case ProbePlugin.Found found -> start(found);
      }
    }
    kernel.forget();
  }

  private void start(ProbePlugin.Found found) {
    String id = found.descriptor().id();
    switch (host.add(found)) {
      case ProbeState.Running running ->
          running.notSeen().forEach(gap -> pipeline.coverageGap(id, gap));
      case ProbeState.Refused(String reason) -> pipeline.coverageGap(id, reason);
      case ProbeState.Quarantined(String reason) -> pipeline.coverageGap(id, reason);
    }
  }

  /** {@return the layer that built-in probes are in: the boot layer, but for tests} */
  public static ModuleLayer hostLayer() {
    ModuleLayer layer = Observation.class.getModule().getLayer();
    return layer != null ? layer : ModuleLayer.boot();
  }

  /** Begins to read the ring. Consumers were added before. */
  public void start() {
    pipeline.start(host);
  }

  /** {@return the pipeline} */
  public Pipeline pipeline() {
    return pipeline;
  }

  /** {@return the kernel's clock against the wall's} */
  public KernelClock clock() {
    return clock;
  }

  /** {@return the jobs of this host} */
  public Jobs jobs() {
    return jobs;
  }

  /** {@return the probes} */
  public ProbeHost host() {
    return host;
  }

  /** {@return what says in the kernel where jobs begin} */
  public JobRoots roots() {
    return new JobRoots(host);
  }

  /** {@return what was generated, delivered and lost so far} */
  public HostCounts counts() {
    return host.counts();
  }

  /** Registers a job and tells it of every gap of the probes. Before {@link #start}. */
  public void register(JobContext job) {
    jobs.register(job);
    pipeline.tellGapsTo(job);
  }

  @Override
  public void close() {
    host.close();
    kernel.close();
  }
}
