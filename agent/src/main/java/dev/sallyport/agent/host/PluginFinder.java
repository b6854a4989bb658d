package dev.sallyport.agent.host;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeProvider;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds probe plugins: those that ship with the agent, and those dropped into a directory.
 *
 * <p>Each jar, and each sub-directory of jars, in the plugin directory is one plugin with a module
 * layer of its own, resolved host first: two plugins may bring different versions of a library, and
 * none can put its own copy of the SPI before the host's. What is wrong with one plugin is said of
 * that plugin and touches no other.
 */
public final class PluginFinder {

  private final ModuleLayer host;

  /** Finds plugins that see the modules of a layer. */
  public PluginFinder(ModuleLayer host) {
    this.host = host;
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
              "plugin directory %s: expected a readable directory, found none (%s)"
                  .formatted(directory, e.getClass().getSimpleName())));
    }
    List<ProbePlugin> plugins = new ArrayList<>();
    for (Path candidate : candidates) {
      plugins.addAll(open(candidate));
    }
    return plugins;
  }

  private List<ProbePlugin> open(Path candidate) {
    PluginSource source = new PluginSource(candidate);
    String name = String.valueOf(candidate.getFileName());
    try {
      ModuleFinder finder = ModuleFinder.of(candidate);
      Set<ModuleReference> modules = finder.findAll();
      String clash = clashWithHost(modules);
      if (clash != null) {
        return List.of(new ProbePlugin.Unusable(source, name, clash));
      }
      Set<String> roots =
          modules.stream().map(module -> module.descriptor().name()).collect(Collectors.toSet());
      Configuration configuration = host.configuration().resolve(ModuleFinder.of(), finder, roots);
      ModuleLayer layer =
          ModuleLayer.defineModulesWithOneLoader(
                  configuration, List.of(host), ClassLoader.getSystemClassLoader())
              .layer();
      List<ProbePlugin> found = providers(layer, source);
      return found.isEmpty()
          ? List.of(
              new ProbePlugin.Unusable(
                  source,
                  name,
                  "plugin %s: expected a module that provides %s, found none among %s"
                      .formatted(name, ProbeProvider.class.getName(), new TreeSet<>(roots))))
          : found;
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      return List.of(
          new ProbePlugin.Unusable(source, name, "plugin %s: %s".formatted(name, e.getMessage())));
    }
  }

  /** A plugin that brings the SPI, or any package of the host, would not be the type we call. */
  private @Nullable String clashWithHost(Set<ModuleReference> modules) {
    Set<String> packages = new HashSet<>();
    host.modules().forEach(module -> packages.addAll(module.getPackages()));
    for (ModuleReference module : modules) {
      for (String candidate : new TreeSet<>(module.descriptor().packages())) {
        if (packages.contains(candidate)) {
          return "module %s brings package %s, which is the host's: leave it out of the plugin"
              .formatted(module.descriptor().name(), candidate);
        }
      }
    }
    return null;
  }

  private List<ProbePlugin> providers(ModuleLayer layer, PluginSource source) {
    List<ProbePlugin> plugins = new ArrayList<>();
    Iterator<ProbeProvider> providers = ServiceLoader.load(layer, ProbeProvider.class).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return plugins;
        }
        ProbeProvider provider = providers.next();
        // The loader also gives the parent layers' providers.
        if (provider.getClass().getModule().getLayer() == layer) {
          plugins.add(describe(source, provider));
        }
      } catch (ServiceConfigurationError e) {
        plugins.add(
            new ProbePlugin.Unusable(
                source, source.toString(), "plugin %s: %s".formatted(source, oneLine(e))));
      }
    }
  }

  private static ProbePlugin describe(PluginSource source, ProbeProvider provider) {
    String name = provider.getClass().getName();
    try {
      ProbeDescriptor descriptor = provider.descriptor();
      if (!SpiVersion.CURRENT.accepts(descriptor.spi())) {
        return new ProbePlugin.Unusable(
            source,
            descriptor.id(),
            "probe %s %s needs SPI %s, this agent offers %s: %s"
                .formatted(
                    descriptor.id(),
                    descriptor.version(),
                    descriptor.spi(),
                    SpiVersion.CURRENT,
                    isNewer(descriptor.spi()) ? "upgrade the agent" : "upgrade the probe"));
      }
      return new ProbePlugin.Found(source, provider, descriptor);
    } catch (LinkageError e) {
      return new ProbePlugin.Unusable(
          source,
          name,
          "probe %s was built against another SPI than %s: %s"
              .formatted(name, SpiVersion.CURRENT, oneLine(e)));
    } catch (RuntimeException e) {
      return new ProbePlugin.Unusable(
          source, name, "probe %s: its descriptor threw %s".formatted(name, oneLine(e)));
    }
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
      if (plugin instanceof ProbePlugin.Found found && !ids.add(found.descriptor().id())) {
        kept.add(
            new ProbePlugin.Unusable(
                found.source(),
                found.descriptor().id(),
                "probe %s from %s: another probe has this id already"
                    .formatted(found.descriptor().id(), found.source())));
      } else {
        kept.add(plugin);
      }
    }
    return kept;
  }

  static String oneLine(Throwable problem) {
    Throwable cause = problem;
    while (cause instanceof ServiceConfigurationError && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause).lines().findFirst().orElse("");
  }
}
