package dev.sallyport.agent.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.kernel.KernelSupport.Check;
import dev.sallyport.agent.run.ProbeTrial;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeBooleanField("run", runs);
      json.writeArrayFieldStart("checks");
      for (Check check : checks) {
        json.writeStartObject();
        json.writeStringField("subject", check.subject());
        json.writeStringField("state", check.state().name().toLowerCase(Locale.ROOT));
        json.writeStringField("detail", check.detail());
        json.writeStringField("remedy", check.remedy());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to standard output", e);
    }
    out.println();
  }
}
