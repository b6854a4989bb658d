package dev.sallyport.agent.host;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives each plugin a module layer of its own, in which it sees the JDK, the SPI and what it brings
 * along, and nothing else of the agent.
 *
 * <p>So a plugin's libraries meet neither the agent's nor another plugin's, whatever their versions
 * are; an agent that changes a library of its own breaks no plugin; and the modules that have
 * native access are out of reach. This keeps mistakes apart: a plugin is code in a process of
 * root's, and whoever drops one in trusts its author.
 */
final class PluginLayers {

  private static final String SPI = "dev.sallyport.spi";

  /** What the SPI's own signatures name: a plugin that brings it gets the host's. */
  private static final Set<String> OF_SPI = Set.of("org.jspecify");

  private final ModuleLayer host;
  private final Set<String> jdk =
      ModuleFinder.ofSystem().findAll().stream()
          .map(module -> module.descriptor().name())
          .collect(Collectors.toSet());

  PluginLayers(ModuleLayer host) {
    this.host = host;
  }

  /** What became of opening a plugin. */
  sealed interface Outcome {

    /** Its modules are defined. */
    record Opened(ModuleLayer layer) implements Outcome {}

    /** They are not. */
    record Refused(String reason) implements Outcome {}
  }

  /** Defines the modules of a jar, or of the jars of a directory. */
  Outcome open(Path candidate) {
    try {
      ModuleFinder finder = new OwnModules(ModuleFinder.of(candidate));
      Set<ModuleReference> modules = finder.findAll();
      for (ModuleReference module : modules) {
        String problem = problem(module.descriptor(), modules);
        if (problem != null) {
          return new Outcome.Refused(problem);
        }
      }
      Configuration configuration =
          host.configuration().resolve(finder, ModuleFinder.of(), names(modules));
      // Below the JVM's own loader: the application's, and the platform's which asks it, would find
      // the agent's classes by name.
      return new Outcome.Opened(host.defineModulesWithOneLoader(configuration, null));
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      return new Outcome.Refused(inWords(e));
    }
  }

  private @Nullable String problem(ModuleDescriptor module, Set<ModuleReference> plugin) {
    String clash = clashWithHost(module);
    if (clash != null) {
      return "module %s brings package %s, which is the host's: leave it out of the plugin"
          .formatted(module.name(), clash);
    }
    if (module.isAutomatic()) {
      return module.provides().isEmpty()
          ? null
          : "expected a module, found a jar without module-info.class: compile one into it";
    }
    Set<String> brought = names(plugin);
    for (ModuleDescriptor.Requires requires : module.requires()) {
      String name = requires.name();
      boolean optional = requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC);
      if (!optional && !brought.contains(name) && !isVisible(name)) {
        return ("module %s requires %s, expected only JDK modules, %s and what the plugin brings:"
                + " put the jar of %s into a folder together with it")
            .formatted(module.name(), name, SPI, name);
      }
      if (!optional && jdk.contains(name) && host.findModule(name).isEmpty()) {
        return ("module %s requires %s, which this agent's Java runs without: start it with"
                + " SALLYPORT_JAVA_OPTIONS=--add-modules=%s")
            .formatted(module.name(), name, name);
      }
    }
    return null;
  }

  private boolean isVisible(String module) {
    return jdk.contains(module) || module.equals(SPI) || OF_SPI.contains(module);
  }

  /** A package of the SPI in a plugin would not be the one whose types the host calls. */
  private @Nullable String clashWithHost(ModuleDescriptor module) {
    Set<String> packages = new HashSet<>();
    for (Module ofHost : host.modules()) {
      if (isVisible(ofHost.getName())) {
        packages.addAll(ofHost.getPackages());
      }
    }
    for (String candidate : new TreeSet<>(module.packages())) {
      if (packages.contains(candidate) || candidate.startsWith(SPI)) {
        return candidate;
      }
    }
    return null;
  }

  private static Set<String> names(Set<ModuleReference> modules) {
    return modules.stream().map(module -> module.descriptor().name()).collect(Collectors.toSet());
  }

  private static String inWords(RuntimeException problem) {
    String detail = "";
    for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
      detail = " (" + PluginFault.of(cause) + ")";
    }
    return "expected modules that can be loaded, found %s%s: build it again"
        .formatted(PluginFault.oneLine(String.valueOf(problem.getMessage())), detail);
  }

  /** The plugin's modules but for those that it has from the host. */
  private record OwnModules(ModuleFinder all) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String name) {
      return OF_SPI.contains(name) ? Optional.empty() : all.find(name);
    }

    @Override
    public Set<ModuleReference> findAll() {
      return all.findAll().stream()
          .filter(module -> !OF_SPI.contains(module.descriptor().name()))
          .collect(Collectors.toSet());
    }
  }
}
