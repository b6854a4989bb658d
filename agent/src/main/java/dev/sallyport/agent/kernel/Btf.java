package dev.sallyport.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import me.bechberger.ebpf.bpf.raw.Lib;
import org.jspecify.annotations.Nullable;

/** The types of an object file or of the running kernel, as BTF describes them. */
@SuppressWarnings("restricted") // native memory is this package's business
public final class Btf {

  private static final int KIND_STRUCT = 4;
  private static final int KIND_TYPEDEF = 8;
  private static final int KIND_DATASEC = 15;
  private static final long TYPE_SIZE = 12;

  private final MemorySegment pointer;

  Btf(MemorySegment pointer) {
    this.pointer = pointer;
  }

  /** {@return the running kernel's types, null when it has none} Never freed: some 10 MB. */
  static @Nullable Btf ofKernel() {
    MemorySegment kernel = Lib.btf__load_vmlinux_btf();
    return kernel.equals(MemorySegment.NULL) ? null : new Btf(kernel);
  }

  void free() {
    Lib.btf__free(pointer);
  }

  /** {@return whether the kernel has a tracepoint of this name that tp_btf programs can use} */
  boolean hasTracepoint(String name) {
    return find("btf_trace_" + name, KIND_TYPEDEF) > 0;
  }

  /** {@return whether there is a struct of this name} */
  boolean hasStruct(String name) {
    return find(name, KIND_STRUCT) > 0;
  }

  /**
   * One member of a struct.
   *
   * @param offset in bytes from the struct's start
   * @param size in bytes
   */
  public record Member(int offset, int size) {}

  /**
   * A struct's shape.
   *
   * @param size in bytes
   * @param members by name, in order
   */
  public record Struct(int size, Map<String, Member> members) {}

  /** {@return a struct's shape, null when there is none of this name} */
  public @Nullable Struct struct(String name) {
    int id = find(name, KIND_STRUCT);
    if (id <= 0) {
      return null;
    }
    MemorySegment type = type(id);
    int count = type.get(ValueLayout.JAVA_INT, 4) & 0xffff;
    Map<String, Member> members = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long at = TYPE_SIZE + 12L * i; // struct btf_member: name, type, offset in bits
      String member = name(type.get(ValueLayout.JAVA_INT, at));
      int memberType = type.get(ValueLayout.JAVA_INT, at + 4);
      int bits = type.get(ValueLayout.JAVA_INT, at + 8) & 0xffffff;
      members.put(member, new Member(bits / 8, (int) Lib.btf__resolve_size(pointer, memberType)));
    }
    return new Struct(type.get(ValueLayout.JAVA_INT, 8), members);
  }

  /** {@return a global variable's offset in its section, -1 when there is none} */
  int variableOffset(String section, String variable) {
    int id = find(section, KIND_DATASEC);
    if (id <= 0) {
      return -1;
    }
    MemorySegment type = type(id);
    int count = type.get(ValueLayout.JAVA_INT, 4) & 0xffff;
    for (int i = 0; i < count; i++) {
      long at = TYPE_SIZE + 12L * i; // struct btf_var_secinfo: type, offset, size
      MemorySegment declared = type(type.get(ValueLayout.JAVA_INT, at));
      if (name(declared.get(ValueLayout.JAVA_INT, 0)).equals(variable)) {
        return type.get(ValueLayout.JAVA_INT, at + 4);
      }
    }
    return -1;
  }

  private int find(String name, int kind) {
    try (Arena arena = Arena.ofConfined()) {
      return Lib.btf__find_by_name_kind(pointer, arena.allocateFrom(name), kind);
    }
  }

  private MemorySegment type(int id) {
    return Lib.btf__type_by_id(pointer, id).reinterpret(Integer.MAX_VALUE);
  }

  private String name(int offset) {
    return Libbpf.text(Lib.btf__name_by_offset(pointer, offset));
  }
}
