package dev.sallyport.agent.run;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.kernel.Signals;
import dev.sallyport.agent.pipeline.AgentEvents;
import dev.sallyport.agent.pipeline.Pipeline;
import dev.sallyport.agent.process.JobRoots;
import dev.sallyport.spi.runner.JobResult;
import dev.sallyport.spi.runner.StepIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a command as a job: what {@code sallyport run} does. */
public final class JobRun {

  /** Protection could not be put in place; the command was not started. */
  public static final int NOT_PROTECTED = 125;

  /** The command was found and could not be run. */
  public static final int NOT_RUNNABLE = 126;

  /** There is no such command. */
  public static final int NOT_FOUND = 127;

  /** The command passed, and something that the job shall fail on happened. */
  public static final int FAILED_ON_FINDING = 97;

  private static final int STEP = 1;

  private final RunSettings settings;
  private final PrintStream terminal;

  /**
   * Prepares a run.
   *
   * @param terminal where a person reads; the command's own output is left alone
   */
  public JobRun(RunSettings settings, PrintStream terminal) {
    this.settings = settings;
    this.terminal = terminal;
  }

  /** Runs the command to its end. {@return the exit status for the shell} */
  public int run() throws InterruptedException {
    Observation observation;
    switch (Observation.prepare(settings.ringBytes())) {
      case Observation.Outcome.Impossible(String reason) -> {
        say(reason);
        return NOT_PROTECTED;
      }
      case Observation.Outcome.Ready(Observation ready) -> observation = ready;
    }
    try (observation) {
      return run(observation);
    }
  }

  private int run(Observation observation) throws InterruptedException {
    Pipeline pipeline = observation.pipeline();
    JobContext job =
        new JobContext(
            newJobId(),
            observation.clock().toUnixNanos(observation.clock().now()),
            settings.identity());
    job.identifyStep(new StepIdentity(STEP, stepName(settings.command()), 1));
    observation.register(job);

    FindingWatch watch = new FindingWatch(settings.failOn());
    pipeline.addConsumer(watch);
    RunOutputs outputs;
    switch (RunOutputs.open(settings, observation, terminal)) {
      case RunOutputs.Outcome.Invalid(String reason, int status) -> {
        say(reason);
        return status;
      }
      case RunOutputs.Outcome.Opened(RunOutputs opened) -> outputs = opened;
    }
    observation.addProbes(settings.plugins());
    pipeline.emit(job, 0, new AgentEvents.JobStarted());
    pipeline.emit(job, STEP, new AgentEvents.StepStarted());
    observation.start();

    SignalRelay signals = new SignalRelay();
    CommandProcess.Start start = start(observation.roots(), job);
    int status;
    JobResult result;
    switch (start) {
      case CommandProcess.Start.Failed(boolean found, String reason) -> {
        say("running %s: %s".formatted(settings.command().getFirst(), reason));
        status = found ? NOT_RUNNABLE : NOT_FOUND;
        result = JobResult.FAILURE;
      }
      case CommandProcess.Start.Started(CommandProcess process) -> {
        signals.to(process);
        CommandProcess.Exit exit = process.await();
        signals.ended();
        status = exit.status();
        result = result(exit);
      }
    }
    pipeline.stop();
    pipeline.emit(job, STEP, new AgentEvents.StepEnded(result));
    pipeline.emit(job, 0, new AgentEvents.JobEnded(result));
    outputs.finish();
    return status == 0 ? statusOfFindings(watch.happened()) : status;
  }

  private CommandProcess.Start start(JobRoots roots, JobContext job) {
    int[] thread = new int[1];
    CommandProcess.Start start =
        CommandProcess.start(
            settings.command(),
            environmentOfCommand(),
            id -> {
              thread[0] = id;
              roots.launchFrom(id, job.id(), STEP);
            });
    roots.launched(thread[0]);
    return start;
  }

  /** The agent's own, without what the launcher set for the agent's JVM alone. */
  private static Map<String, String> environmentOfCommand() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    if (environment.remove("SALLYPORT_SET_ARENAS") != null) {
      environment.remove("MALLOC_ARENA_MAX");
    }
    return environment;
  }

  private static JobResult result(CommandProcess.Exit exit) {
    if (exit.signal() == Signals.INT || exit.signal() == Signals.TERM) {
      return JobResult.CANCELLED;
    }
    return exit.status() == 0 ? JobResult.SUCCESS : JobResult.FAILURE;
  }

  private int statusOfFindings(Set<String> happened) {
    if (happened.isEmpty()) {
      return 0;
    }
    say("the command passed; the job fails on " + String.join(", ", happened));
    return FAILED_ON_FINDING;
  }

  private static String stepName(List<String> command) {
    return String.valueOf(Path.of(command.getFirst()).getFileName());
  }

  /** Random, so that jobs of many hosts do not meet; never 0, which means "no job". */
  private static long newJobId() {
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      return (ByteBuffer.wrap(random.readNBytes(Long.BYTES)).getLong() & Long.MAX_VALUE) | 1;
    } catch (IOException e) {
      throw new UncheckedIOException("reading /dev/urandom", e);
    }
  }

  private void say(String line) {
    terminal.println("sallyport: " + line);
  }
}
