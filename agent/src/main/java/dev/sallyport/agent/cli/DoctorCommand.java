package dev.sallyport.agent.cli;

import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.kernel.KernelSupport.Check;
import dev.sallyport.agent.run.ProbeTrial;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport doctor}. */
@Command(
    name = "doctor",
    description =
        "Says what this machine can do, probe by probe, and the remedy for what it can't.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  private static final int RUN_WOULD_FAIL = 1;

  @Option(names = "--json", description = "Write JSON.")
  private boolean json;

  @Option(names = "--plugins", paramLabel = "DIR", description = "Directory of further probes.")
  private @Nullable Path plugins;

  @Spec private CommandSpec spec;

  DoctorCommand() {}

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>(KernelSupport.check());
    boolean runs = checks.stream().noneMatch(DoctorCommand::isObstacle);
    if (runs) {
      List<Check> probes = ProbeTrial.check(plugins);
      runs = probes.isEmpty() || !isObstacle(probes.getFirst()); // the first is the core
      checks.addAll(probes);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      printJson(out, checks, runs);
    } else {
      printText(out, checks, runs);
    }
    out.flush();
    return runs ? 0 : RUN_WOULD_FAIL;
  }

  private static boolean isObstacle(Check check) {
    return check.state() == Check.State.MISSING || check.state() == Check.State.NOT_PERMITTED;
  }

  private static void printText(PrintWriter out, List<Check> checks, boolean runs) {
    for (Check check : checks) {
      String state = check.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      out.printf("%-14s %-20s %s%n", state, check.subject(), check.detail());
      if (!check.remedy().isEmpty()) {
        out.printf("%-14s %-20s remedy: %s%n", "", "", check.remedy());
      }
    }
    out.println(runs ? "sallyport run works here" : "sallyport run would fail here");
  }

  private static void printJson(PrintWriter out, List<Check> checks, boolean runs) {
    StringBuilder text = new StringBuilder("{\"run\":").append(runs).append(",\"checks\":[");
    for (int i = 0; i < checks.size(); i++) {
      Check check = checks.get(i);
      text.append(i == 0 ? "" : ",")
          .append("{\"subject\":")
          .append(Json.quote(check.subject()))
          .append(",\"state\":")
          .append(Json.quote(check.state().name().toLowerCase(Locale.ROOT)))
          .append(",\"detail\":")
          .append(Json.quote(check.detail()))
          .append(",\"remedy\":")
          .append(Json.quote(check.remedy()))
          .append('}');
    }
    out.println(text.append("]}"));
  }
}
