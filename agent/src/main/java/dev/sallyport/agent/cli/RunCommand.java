package dev.sallyport.agent.cli;

import dev.sallyport.agent.run.JobRun;
import dev.sallyport.agent.run.RunSettings;
import dev.sallyport.spi.runner.JobIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport run}. */
@Command(
    name = "run",
    description = "Runs CMD as a job: every process below it is observed.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "sallyport run [options] -- CMD [ARG...]",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "N:CMD's own exit status",
      "64:wrong usage",
      "65:a file given is wrong",
      "97:CMD passed, but something in --fail-on happened",
      "125:protection could not be put in place, CMD was not started",
      "126:CMD could not be run",
      "127:CMD was not found"
    })
final class RunCommand implements Callable<Integer> {

  private static final int DEFAULT_RING = 8 * 1024 * 1024;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Policy that holds the job; this version observes only and refuses it.")
  private @Nullable Path policy;

  @Option(
      names = "--egress-policy",
      paramLabel = "MODE",
      description = "audit (the default) or block; this version observes only and refuses block.")
  private String egressPolicy = "audit";

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Write events as OTLP/JSON, one export request a line; - is standard output.")
  private @Nullable String events;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.md, report.html and report.json.")
  private @Nullable Path report;

  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description = "Export there over OTLP/gRPC; default: the OTEL_EXPORTER_OTLP_* variables.")
  private @Nullable String otlpEndpoint;

  @Option(
      names = "--repository",
      paramLabel = "OWNER/REPO",
      description = "Repository that the job belongs to.")
  private @Nullable String repository;

  @Option(names = "--workflow", paramLabel = "NAME", description = "Workflow of the job.")
  private @Nullable String workflow;

  @Option(names = "--job", paramLabel = "NAME", description = "Name of the job.")
  private @Nullable String job;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = "Directory of further probes: jars, or folders of jars.")
  private @Nullable Path plugins;

  @Option(
      names = "--fail-on",
      paramLabel = "LIST",
      split = ",",
      description = "Findings, or blocked, that make a passing job fail with 97.")
  private List<String> failOn = List.of();

  @Option(names = "--quiet", description = "Show errors only.")
  private boolean quiet;

  @Option(
      names = "--ring-size",
      paramLabel = "BYTES",
      hidden = true,
      description = "Size of the ring buffer: a power of two, at least a page.")
  private int ringBytes = DEFAULT_RING;

  @Parameters(paramLabel = "CMD", arity = "1..*", description = "The command and its arguments.")
  private List<String> command = List.of();

  @Spec private CommandSpec spec;

  RunCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (!egressPolicy.equals("audit") && !egressPolicy.equals("block")) {
      throw usage("--egress-policy: expected audit or block, found " + egressPolicy);
    }
    if (repository != null && !repository.matches("[^/\\s]+/[^/\\s]+")) {
      throw usage("--repository: expected OWNER/REPO, found " + repository);
    }
    if (Integer.bitCount(ringBytes) != 1 || ringBytes < 4096) {
      throw usage("--ring-size: expected a power of two from 4096 on, found " + ringBytes);
    }
    if (policy != null && !Files.isReadable(policy)) {
      spec.commandLine()
          .getErr()
          .printf("sallyport: policy %s: expected a readable file, found none%n", policy);
      return Main.BAD_FILE;
    }
    if (policy != null || egressPolicy.equals("block")) {
      spec.commandLine()
          .getErr()
          .println(
              "sallyport: this version observes and cannot hold a job to a policy: leave out"
                  + " --policy and --egress-policy block");
      return JobRun.NOT_PROTECTED;
    }
    return new JobRun(settings(), System.err).run();
  }

  private RunSettings settings() {
    Set<String> watched = new TreeSet<>(failOn);
    JobIdentity identity =
        new JobIdentity(repository, workflow, job, null, 0, null, null, null, null);
    return new RunSettings(
        command, identity, plugins, events, report, otlpEndpoint, watched, quiet, ringBytes);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
