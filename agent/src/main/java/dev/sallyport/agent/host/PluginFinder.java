package dev.sallyport.agent.host;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds probe plugins: those that ship with the agent, and those dropped into a directory.
 *
 * <p>Each jar, and each sub-directory of jars, in the plugin directory is one plugin with a module
 * layer of its own, see {@link PluginLayers}. What is wrong with one plugin is said of that plugin
 * and touches no other.
 */
public final class PluginFinder {

  private final ModuleLayer host;
  private final PluginLayers layers;

  /** Finds plugins that see the modules of a layer. */
  public PluginFinder(ModuleLayer host) {
    this.host = host;
    this.layers = new PluginLayers(host);
  }

  /**
   * {@return the probes that ship with the agent, then those in {@code directory}, by name}
   *
   * @param directory where people drop plugins; null for none
   */
  public List<ProbePlugin> find(@Nullable Path directory) {
    List<ProbePlugin> plugins = new ArrayList<>(providers(host, PluginSource.BUILT_IN));
    if (directory != null) {
      plugins.addAll(dropped(directory));
    }
    return withoutDuplicates(plugins);
  }

  private List<ProbePlugin> dropped(Path directory) {
    List<Path> candidates;
    try (Stream<Path> entries = Files.list(directory)) {
      candidates =
          entries
              .filter(entry -> Files.isDirectory(entry) || entry.toString().endsWith(".jar"))
              .sorted()
              .toList();
    } catch (IOException e) {
      return List.of(
          new ProbePlugin.Unusable(
              new PluginSource(directory),
              directory.toString(),
              ("plugin directory %s: expected a readable directory, found %s: create it or name"
                      + " another")
                  .formatted(directory, Files.exists(directory) ? "something else" : "nothing")));
    }
    List<ProbePlugin> plugins = new ArrayList<>();
    for (Path candidate : candidates) {
      plugins.addAll(open(candidate));
    }
    return plugins;
  }

  private List<ProbePlugin> open(Path candidate) {
    PluginSource source = new PluginSource(candidate);
    return switch (layers.open(candidate)) {
      case PluginLayers.Outcome.Opened(ModuleLayer layer) -> {
        List<ProbePlugin> found = providers(layer, source);
        yield found.isEmpty()
            ? List.of(
                unusable(
                    source,
                    ("expected a module that provides %s, found none in it: say so in its"
                            + " module-info")
                        .formatted(ProbeProvider.class.getName())))
            : found;
      }
      case PluginLayers.Outcome.Refused(String reason) -> List.of(unusable(source, reason));
    };
  }

  private static List<ProbePlugin> providers(ModuleLayer layer, PluginSource source) {
    List<ProbePlugin> plugins = new ArrayList<>();
    Iterator<ServiceLoader.Provider<ProbeProvider>> providers =
        ServiceLoader.load(layer, ProbeProvider.class).stream().iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return plugins;
        }
        ServiceLoader.Provider<ProbeProvider> provider = providers.next();
        // The loader also gives the parent layers' providers.
        if (provider.type().getModule().getLayer() == layer) {
          plugins.add(make(source, provider));
        }
      } catch (ServiceConfigurationError e) {
        plugins.add(unusable(source, "its provider cannot be loaded: " + PluginFault.of(e)));
      }
    }
  }

  private static ProbePlugin make(
      PluginSource source, ServiceLoader.Provider<ProbeProvider> provider) {
    String type = provider.type().getName();
    ProbeProvider made;
    try {
      made = provider.get();
    } catch (ServiceConfigurationError e) {
      return unusable(
          source,
          "making %s threw %s: remove it or get a mended version"
              .formatted(type, PluginFault.of(e)));
    }
    try {
      // A plugin's compiler need not have looked at nullness.
      @Nullable ProbeDescriptor descriptor = made.descriptor();
      return descriptor == null
          ? unusable(
              source, "%s: expected a descriptor, found null: get a mended version".formatted(type))
          : versionChecked(source, made, descriptor);
    } catch (Throwable e) {
      String problem = PluginFault.of(e);
      return unusable(
          source,
          PluginFault.isMisfit(e)
              ? ("%s was built against another SPI than this agent's %s, or against modules it does"
                      + " not bring (%s): build it again")
                  .formatted(type, SpiVersion.CURRENT, problem)
              : "the descriptor of %s threw %s: remove it or get a mended version"
                  .formatted(type, problem));
    }
  }

  private static ProbePlugin versionChecked(
      PluginSource source, ProbeProvider provider, ProbeDescriptor descriptor) {
    if (SpiVersion.CURRENT.accepts(descriptor.spi())) {
      return new ProbePlugin.Found(source, provider, descriptor);
    }
    return new ProbePlugin.Unusable(
        source,
        descriptor.id(),
        "probe %s %s needs SPI %s, this agent offers %s: %s"
            .formatted(
                descriptor.id(),
                PluginFault.oneLine(descriptor.version()),
                descriptor.spi(),
                SpiVersion.CURRENT,
                isNewer(descriptor.spi()) ? "upgrade the agent" : "upgrade the probe"));
  }

  private static boolean isNewer(SpiVersion version) {
    return Comparator.comparingInt(SpiVersion::major)
            .thenComparingInt(SpiVersion::minor)
            .compare(version, SpiVersion.CURRENT)
        > 0;
  }

  /** Of two probes with one id the first stays: a plugin cannot stand in for a built-in probe. */
  private static List<ProbePlugin> withoutDuplicates(List<ProbePlugin> plugins) {
    Set<String> ids = new HashSet<>();
    List<ProbePlugin> kept = new ArrayList<>();
    for (ProbePlugin plugin : plugins) {
      kept.add(
          plugin instanceof ProbePlugin.Found found && !ids.add(found.descriptor().id())
              ? new ProbePlugin.Unusable(found.source(), found.descriptor().id(), duplicate(found))
              : plugin);
    }
    return kept;
  }

  static String duplicate(ProbePlugin.Found found) {
    return ("probe %s (%s): expected an id of its own, found another probe with this one: remove"
            + " one of the two")
        .formatted(found.descriptor().id(), found.source());
  }

  private static ProbePlugin unusable(PluginSource source, String reason) {
    Path path = source.path();
    String name = path == null ? source.toString() : String.valueOf(path.getFileName());
    return new ProbePlugin.Unusable(source, name, "plugin %s: %s".formatted(source, reason));
  }
}
