package dev.sallyport.agent.run;

import dev.sallyport.agent.export.AgentGauges;
import dev.sallyport.agent.export.AgentIdentity;
import dev.sallyport.agent.export.EventsFile;
import dev.sallyport.agent.export.ExportSettings;
import dev.sallyport.agent.export.OtelExport;
import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.report.Console;
import dev.sallyport.agent.report.ReportModel;
import dev.sallyport.agent.report.ReportWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a run's events go: terminal, report, events file, export. */
final class RunOutputs {

  private static final int BAD_FILE = 65;
  private static final int USAGE = 64;

  // What cannot be sent by then stays on disk for the next run.
  private static final Duration EXPORT_DEADLINE = Duration.ofSeconds(5);
  private static final Duration LOCAL_DEADLINE = Duration.ofSeconds(10);

  private static final String STATE_VARIABLE = "SALLYPORT_STATE_DIRECTORY";
  private static final Path STATE = Path.of("/var/lib/sallyport");

  private final RunSettings settings;
  private final Console console;
  private final ReportModel model;
  private final @Nullable EventsFile events;
  private final @Nullable OtelExport export;
  private final List<LossSource> lossSources = new ArrayList<>();

  private RunOutputs(
      RunSettings settings,
      Console console,
      @Nullable EventsFile events,
      @Nullable OtelExport export,
      Observation observation) {
    this.settings = settings;
    this.console = console;
    this.model = new ReportModel();
    this.events = events;
    this.export = export;
    lossSources.add(observation.pipeline());
    addAll(observation, model, console, events, export);
  }

  private void addAll(Observation observation, @Nullable EventConsumer... consumers) {
    for (EventConsumer consumer : consumers) {
      if (consumer != null) {
        observation.pipeline().addConsumer(consumer);
      }
      if (consumer instanceof LossSource source) {
        lossSources.add(source);
      }
    }
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

  /** Opens what was asked for and adds it to the pipeline. */
  static Outcome open(RunSettings settings, Observation observation, PrintStream terminal) {
    Map<String, String> environment = System.getenv();
    AgentIdentity identity = AgentIdentity.create(Version.text(), environment);
    EventsFile events = null;
    if (settings.events() != null) {
      switch (EventsFile.open(settings.events(), identity)) {
        case EventsFile.Refused(String line) -> {
          return new Outcome.Invalid(line, BAD_FILE);
        }
        case EventsFile.Opened(EventsFile file) -> events = file;
      }
    }
    OtelExport export = null;
    switch (ExportSettings.fromEnvironment(environment, settings.otlpEndpoint(), spool())) {
      case ExportSettings.Disabled disabled -> {}
      case ExportSettings.Invalid(String line) -> {
        return new Outcome.Invalid(line, USAGE);
      }
      case ExportSettings.Enabled(ExportSettings enabled) -> {
        switch (OtelExport.open(enabled, identity, new Gauges(observation))) {
          case OtelExport.Refused(String line) -> {
            return new Outcome.Invalid(line, BAD_FILE);
          }
          case OtelExport.Opened(OtelExport opened) -> export = opened;
        }
      }
    }
    boolean person = CommandProcess.errorIsTerminal();
    Console console =
        Console.open(
            Console.Mode.of(person, settings.quiet()),
            person && environment.get("NO_COLOR") == null,
            terminal);
    return new Outcome.Opened(new RunOutputs(settings, console, events, export, observation));
  }

  /** Sends and writes what is left, and says how the job was. After the last event. */
  void finish() {
    if (export != null) {
      export.finish(EXPORT_DEADLINE);
    }
    if (events != null) {
      events.finish(LOCAL_DEADLINE);
    }
    List<Loss> losses = new ArrayList<>();
    lossSources.forEach(source -> losses.addAll(source.losses()));
    ReportWriter.Outcome report =
        settings.report() == null ? null : ReportWriter.write(settings.report(), model, losses);
    if (export != null && export.status().waiting() > 0) {
      console.error(undelivered(export.status()));
    }
    console.summary(model, losses, report, LOCAL_DEADLINE);
    console.close();
  }

  private static String undelivered(OtelExport.Status status) {
    return "export: %d records wait in %s for a later run to send them (%s)"
        .formatted(
            status.waiting(),
            spool(),
            status.lastFailure() == null ? "out of time" : status.lastFailure());
  }

  private static Path spool() {
    String state = System.getenv(STATE_VARIABLE);
    return (state == null ? STATE : Path.of(state)).resolve("export");
  }

  /** What the metrics ask of a run. */
  private record Gauges(Observation observation) implements AgentGauges {
    @Override
    public double ringUsage() {
      return (double) observation.host().waitingBytes() / observation.host().ringBytes();
    }

    @Override
    public List<LossSource> lossSources() {
      return List.of(observation.pipeline());
    }
  }
}
