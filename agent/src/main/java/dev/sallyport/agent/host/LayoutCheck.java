package dev.sallyport.agent.host;

import dev.sallyport.agent.kernel.Btf;
import dev.sallyport.spi.probe.RecordLayout;
import java.util.ArrayList;
import java.util.List;

/** Compares what a decoder expects of a struct with what the compiler made of it. */
public final class LayoutCheck {

  private LayoutCheck() {}

  /**
   * {@return every difference, in words; empty when the two agree}
   *
   * @param objects the types of the probe's objects; a struct may be in any of them
   */
  public static List<String> differences(RecordLayout layout, List<Btf> objects) {
    for (Btf btf : objects) {
      Btf.Struct struct = btf.struct(layout.struct());
      if (struct != null) {
        return differences(layout, struct);
      }
    }
    return List.of("struct %s is in none of the objects".formatted(layout.struct()));
  }

  static List<String> differences(RecordLayout layout, Btf.Struct struct) {
    List<String> differences = new ArrayList<>();
    for (RecordLayout.Field field : layout.fields()) {
      Btf.Member member = struct.members().get(field.name());
      if (member == null) {
        differences.add("%s.%s is not in the C".formatted(layout.struct(), field.name()));
      } else if (member.offset() != field.offset() || member.size() != field.size()) {
        differences.add(
            "%s.%s is %d bytes at %d in the C, %d bytes at %d in Java"
                .formatted(
                    layout.struct(),
                    field.name(),
                    member.size(),
                    member.offset(),
                    field.size(),
                    field.offset()));
      }
    }
    for (String member : struct.members().keySet()) {
      if (layout.fields().stream().noneMatch(field -> field.name().equals(member))) {
        differences.add("%s.%s is not in Java".formatted(layout.struct(), member));
      }
    }
    if (differences.isEmpty() && struct.size() != layout.size()) {
      differences.add(
          "%s is %d bytes in the C, %d in Java"
              .formatted(layout.struct(), struct.size(), layout.size()));
    }
    return differences;
  }
}
