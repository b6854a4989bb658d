package dev.sallyport.testkit;

import dev.sallyport.agent.host.LayoutCheck;
import dev.sallyport.agent.kernel.BpfObject;
import dev.sallyport.agent.kernel.Btf;
import dev.sallyport.agent.kernel.Libbpf;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.OptionalProgram;
import dev.sallyport.spi.probe.ProbeProvider;
import dev.sallyport.spi.probe.RecordHeader;
import dev.sallyport.spi.probe.RecordLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** Compares a probe's Java with its compiled objects. */
final class LayoutAssert {

  private static final List<String> ARCHITECTURES = List.of("x86_64", "aarch64");

  private LayoutAssert() {}

  static void check(ProbeProvider provider) {
    if (Libbpf.load() instanceof Libbpf.Availability.Missing(String reason, String remedy)) {
      Assumptions.abort("%s: %s".formatted(reason, remedy));
    }
    List<String> problems = new ArrayList<>();
    for (String architecture : ARCHITECTURES) {
      check(provider, architecture, problems);
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(String.join("\n", problems));
    }
  }

  private static void check(ProbeProvider provider, String architecture, List<String> problems) {
    ProbeDescriptor descriptor = provider.descriptor();
    List<BpfObject> objects = new ArrayList<>();
    try {
      for (String name : descriptor.objects()) {
        String resource = "META-INF/bpf/%s/%s.bpf.o".formatted(architecture, name);
        switch (BpfObject.open(name, read(provider, resource))) {
          case BpfObject.Outcome.Ready(BpfObject object) -> objects.add(object);
          case BpfObject.Outcome.Refused refused ->
              problems.add("%s: %s".formatted(resource, refused.reason()));
        }
      }
      compare(descriptor, architecture, objects, problems);
    } finally {
      objects.forEach(BpfObject::close);
    }
  }

  private static void compare(
      ProbeDescriptor descriptor,
      String architecture,
      List<BpfObject> objects,
      List<String> problems) {
    List<Btf> types = new ArrayList<>();
    Set<String> programs = new HashSet<>();
    for (BpfObject object : objects) {
      programs.addAll(object.programs().keySet());
      Btf btf = object.btf();
      if (btf == null) {
        problems.add("%s: %s was compiled without BTF: use -g".formatted(architecture, object));
        return;
      }
      types.add(btf);
    }
    List<RecordLayout> layouts = new ArrayList<>(descriptor.layouts());
    layouts.add(RecordHeader.LAYOUT);
    for (RecordLayout layout : layouts) {
      for (String difference : LayoutCheck.differences(layout, types)) {
        problems.add("%s: %s".formatted(architecture, difference));
      }
    }
    for (OptionalProgram optional : descriptor.optionalPrograms()) {
      if (!programs.contains(optional.program())) {
        problems.add(
            "%s: optional program %s is in none of the objects"
                .formatted(architecture, optional.program()));
      }
    }
  }

  private static byte[] read(ProbeProvider provider, String resource) {
    try (InputStream stream = provider.getClass().getModule().getResourceAsStream(resource)) {
      if (stream == null) {
        throw new AssertionError(
            "expected %s beside %s, found nothing".formatted(resource, provider.getClass()));
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
  }
}
