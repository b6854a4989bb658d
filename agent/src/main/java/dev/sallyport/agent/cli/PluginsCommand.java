package dev.sallyport.agent.cli;

import dev.sallyport.agent.host.PluginFinder;
import dev.sallyport.agent.host.ProbePlugin;
import dev.sallyport.spi.runner.RunnerAdapterProvider;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport plugins}. */
@Command(
    name = "plugins",
    description = "Shows probes and runner adapters.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class PluginsCommand implements Runnable {

  private static final String ROW = "%-8s %-16s %-10s %-9s %s%n";

  @Spec private CommandSpec spec;

  PluginsCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      description = "Lists the probes and adapters found, their versions, state and reason.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--dir", paramLabel = "DIR", description = "Directory of further plugins.")
          @Nullable Path directory) {
    PrintWriter out = spec.commandLine().getOut();
    boolean unusable = false;
    out.printf(ROW, "KIND", "ID", "VERSION", "STATE", "ABOUT");
    ModuleLayer layer = PluginsCommand.class.getModule().getLayer();
    ModuleLayer host = layer != null ? layer : ModuleLayer.boot();
    for (ProbePlugin plugin : new PluginFinder(host).find(directory)) {
      switch (plugin) {
        case ProbePlugin.Found found ->
            out.printf(
                ROW,
                "probe",
                found.descriptor().id(),
                found.descriptor().version(),
                "usable",
                found.descriptor().description() + " (" + found.source() + ")");
        case ProbePlugin.Unusable refused -> {
          unusable = true;
          out.printf(ROW, "probe", refused.name(), "-", "refused", refused.reason());
        }
      }
    }
    for (RunnerAdapterProvider adapter : ServiceLoader.load(host, RunnerAdapterProvider.class)) {
      out.printf(ROW, "adapter", adapter.id(), adapter.version(), "usable", "(built in)");
    }
    out.flush();
    return unusable ? 1 : 0;
  }
}
