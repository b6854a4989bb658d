package dev.sallyport.agent.host;

import dev.sallyport.agent.kernel.BpfObject;
import dev.sallyport.agent.kernel.BpfProgram;
import dev.sallyport.agent.kernel.Btf;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.OptionalProgram;
import dev.sallyport.spi.probe.RecordHeader;
import dev.sallyport.spi.probe.RecordLayout;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a probe's objects into the kernel: checks layouts, looks for each hook before load, leaves
 * out optional programs that the kernel does not take, and says in one line why a probe cannot run.
 */
final class ProbeLoader {

  private static final String ARCH =
      System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";

  private final KernelSupport kernel;
  private final int ringBytes;

  ProbeLoader(KernelSupport kernel, int ringBytes) {
    this.kernel = kernel;
    this.ringBytes = ringBytes;
  }

  /** What became of it. */
  sealed interface Result {

    /**
     * The objects are in the kernel, not yet attached.
     *
     * @param notSeen what the probe cannot see on this kernel
     */
    record Loaded(List<BpfObject> objects, List<String> notSeen) implements Result {}

    /** The probe cannot run here. */
    record Refused(String reason) implements Result {}
  }

  /**
   * Loads all objects of a probe, or none.
   *
   * @param shared the maps to share; null for the first probe, whose objects make them
   */
  Result load(ProbePlugin.Found plugin, int probeNumber, @Nullable SharedMaps shared) {
    ProbeDescriptor probe = plugin.descriptor();
    List<BpfObject> objects = new ArrayList<>();
    Map<String, String> missing = new LinkedHashMap<>();
    String problem = openAll(probe, resources(plugin), objects);
    if (problem == null) {
      problem = layoutMismatch(plugin, objects);
    }
    for (int i = 0; problem == null && i < objects.size(); i++) {
      problem = loadOne(plugin, i, probeNumber, shared, objects, missing);
    }
    if (problem != null) {
      objects.forEach(BpfObject::close);
      return new Result.Refused("probe %s: %s".formatted(probe.id(), problem));
    }
    return new Result.Loaded(objects, List.copyOf(missing.values()));
  }

  private static Module resources(ProbePlugin.Found plugin) {
    return plugin.provider().getClass().getModule();
  }

  private static @Nullable String openAll(
      ProbeDescriptor probe, Module resources, List<BpfObject> objects) {
    if (probe.objects().isEmpty()) {
      return "expected at least one BPF object in its descriptor, found none: name it there";
    }
    for (String name : probe.objects()) {
      String problem = open(resources, name, objects);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  /** Adds the opened object to {@code objects}. {@return null, or why it could not be opened} */
  private static @Nullable String open(Module resources, String name, List<BpfObject> objects) {
    String resource = "META-INF/bpf/%s/%s.bpf.o".formatted(ARCH, name);
    byte[] elf = read(resources, resource);
    if (elf == null) {
      return "expected %s in its jar, found nothing: compile it for %s too"
          .formatted(resource, ARCH);
    }
    return switch (BpfObject.open(name, elf)) {
      case BpfObject.Outcome.Refused refused -> "%s: %s".formatted(resource, refused.reason());
      case BpfObject.Outcome.Ready(BpfObject object) -> {
        objects.add(object);
        yield null;
      }
    };
  }

  /** Loads the opened object at {@code index}. {@return null, or why it could not be loaded} */
  private @Nullable String loadOne(
      ProbePlugin.Found plugin,
      int index,
      int probeNumber,
      @Nullable SharedMaps shared,
      List<BpfObject> objects,
      Map<String, String> missing) {
    ProbeDescriptor probe = plugin.descriptor();
    while (true) {
      BpfObject object = objects.get(index);
      String absent = disableAbsentHooks(probe, object, missing);
      if (absent != null) {
        return absent;
      }
      if (shared != null) {
        shared.shareWith(object);
      } else {
        object.resize(SharedMaps.RING, ringBytes);
      }
      object.setConstant("sp_probe", probeNumber);
      if (!(object.load() instanceof BpfObject.Outcome.Refused refused)) {
        return null;
      }
      OptionalProgram optional = optional(probe, refused.program());
      if (optional == null || missing.containsKey(optional.program())) {
        return "%s: %s".formatted(refused.reason(), plugin.remedy());
      }
      // The kernel has the hook and still refuses the program: go on without it.
      missing.put(optional.program(), notSeen(optional, refused.reason()));
      List<BpfObject> again = new ArrayList<>();
      String problem = open(resources(plugin), probe.objects().get(index), again);
      if (problem != null) {
        return problem;
      }
      objects.set(index, again.getFirst()).close();
    }
  }

  /** {@return why the probe cannot run, null when nothing that it requires is missing} */
  private @Nullable String disableAbsentHooks(
      ProbeDescriptor probe, BpfObject object, Map<String, String> missing) {
    for (BpfProgram program : object.programs().values()) {
      if (missing.containsKey(program.name())) {
        program.disable();
        continue;
      }
      String why = kernel.missingHook(program.section());
      if (why == null) {
        continue;
      }
      OptionalProgram optional = optional(probe, program.name());
      if (optional == null) {
        return "needs %s for %s; this kernel has %s: use a newer kernel"
            .formatted(program.section(), program.name(), why);
      }
      program.disable();
      missing.put(program.name(), notSeen(optional, why));
    }
    return null;
  }

  private static @Nullable String layoutMismatch(
      ProbePlugin.Found plugin, List<BpfObject> objects) {
    List<Btf> types = new ArrayList<>();
    for (BpfObject object : objects) {
      Btf btf = object.btf();
      if (btf == null) {
        return "%s was compiled without BTF: compile it with -g".formatted(object);
      }
      types.add(btf);
    }
    List<RecordLayout> layouts = new ArrayList<>(plugin.descriptor().layouts());
    layouts.add(RecordHeader.LAYOUT);
    for (RecordLayout layout : layouts) {
      List<String> differences = LayoutCheck.differences(layout, types);
      if (!differences.isEmpty()) {
        return "its C and its Java disagree: %s: %s"
            .formatted(String.join("; ", differences), plugin.remedy());
      }
    }
    return null;
  }

  static @Nullable OptionalProgram optional(ProbeDescriptor probe, String program) {
    for (OptionalProgram optional : probe.optionalPrograms()) {
      if (optional.program().equals(program)) {
        return optional;
      }
    }
    return null;
  }

  static String notSeen(OptionalProgram optional, String why) {
    return "not seen: %s (%s)".formatted(optional.without(), why);
  }

  private static byte @Nullable [] read(Module module, String resource) {
    try (InputStream stream = module.getResourceAsStream(resource)) {
      return stream == null ? null : stream.readAllBytes();
    } catch (IOException e) {
      return null;
    }
  }
}
