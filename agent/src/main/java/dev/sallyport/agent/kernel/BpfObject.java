package dev.sallyport.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.bechberger.ebpf.bpf.raw.Lib;
import org.jspecify.annotations.Nullable;

/**
 * A compiled BPF object: opened without the kernel, then loaded into it, then attached.
 *
 * <p>Not thread-safe. Closing detaches its programs and frees its maps.
 */
@SuppressWarnings("restricted") // native memory is this package's business
public final class BpfObject implements AutoCloseable {

  private final String name;
  private final MemorySegment object;
  private final List<MemorySegment> links = new ArrayList<>();
  private final Map<String, BpfProgram> programs = new LinkedHashMap<>();
  private boolean closed;

  private BpfObject(String name, MemorySegment object) {
    this.name = name;
    this.object = object;
    MemorySegment program = Lib.bpf_object__next_program(object, MemorySegment.NULL);
    while (!program.equals(MemorySegment.NULL)) {
      BpfProgram found = new BpfProgram(program);
      programs.put(found.name(), found);
      program = Lib.bpf_object__next_program(object, program);
    }
  }

  /** What became of opening or loading an object. */
  public sealed interface Outcome {

    /** It worked. */
    record Ready(BpfObject object) implements Outcome {}

    /**
     * It did not.
     *
     * @param reason in one line
     * @param program the program that the kernel refused, empty when it was none in particular
     * @param log all that libbpf and the verifier said
     */
    record Refused(String reason, String program, String log) implements Outcome {}
  }

  /** Opens an object from the bytes of its ELF file; touches no kernel. */
  public static Outcome open(String name, byte[] elf) {
    Libbpf.clearLog();
    MemorySegment object;
    try (Arena image = Arena.ofConfined()) { // libbpf keeps copies of all it needs after open
      MemorySegment bytes = image.allocate(elf.length, 8);
      MemorySegment.copy(elf, 0, bytes, ValueLayout.JAVA_BYTE, 0, elf.length);
      object = Lib.bpf_object__open_mem(bytes, elf.length, MemorySegment.NULL);
    }
    if (object.equals(MemorySegment.NULL)) {
      return new Outcome.Refused("not a BPF object: " + lastLine(Libbpf.log()), "", Libbpf.log());
    }
    return new Outcome.Ready(new BpfObject(name, object));
  }

  /** {@return the programs by name, in the file's order} */
  public Map<String, BpfProgram> programs() {
    return programs;
  }

  /** {@return the object's own types, null when it was compiled without} */
  public @Nullable Btf btf() {
    MemorySegment btf = Lib.bpf_object__btf(object);
    return btf.equals(MemorySegment.NULL) ? null : new Btf(btf);
  }

  /** Makes the object use an existing map where it declares one of this name. Before load. */
  public void share(BpfMap map) {
    MemorySegment own = findMap(map.name());
    if (!own.equals(MemorySegment.NULL)) {
      check("sharing map " + map.name(), Lib.bpf_map__reuse_fd(own, map.fd()));
    }
  }

  /** Sets how many entries a map holds, of a ring buffer the bytes. Before load. */
  public void resize(String map, int maxEntries) {
    MemorySegment own = findMap(map);
    if (!own.equals(MemorySegment.NULL)) {
      check("sizing map " + map, Lib.bpf_map__set_max_entries(own, maxEntries));
    }
  }

  /** Sets a {@code const volatile __u32} if the object has it. Before load. */
  public void setConstant(String variable, int value) {
    Btf btf = btf();
    int offset = btf == null ? -1 : btf.variableOffset(".rodata", variable);
    if (offset < 0) {
      return;
    }
    MemorySegment map = Lib.bpf_object__next_map(object, MemorySegment.NULL);
    while (!map.equals(MemorySegment.NULL)) {
      // An internal map is called after its object, cut to 15 characters, then ".rodata".
      if (Lib.bpf_map__is_internal(map)
          && Libbpf.text(Lib.bpf_map__name(map)).endsWith(".rodata")) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
          MemorySegment data = Lib.bpf_map__initial_value(map, size);
          data.reinterpret(size.get(ValueLayout.JAVA_LONG, 0))
              .set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
        }
        return;
      }
      map = Lib.bpf_object__next_map(object, map);
    }
  }

  /** Loads the programs that are not switched off into the kernel. */
  public Outcome load() {
    Libbpf.clearLog();
    int error = Lib.bpf_object__load(object);
    if (error == 0) {
      return new Outcome.Ready(this);
    }
    String log = Libbpf.log();
    String program = VerifierLog.refusedProgram(log);
    return new Outcome.Refused(VerifierLog.reason(log, program, Libbpf.error(error)), program, log);
  }

  /** {@return a map of the object, null when there is none of this name} After load. */
  public @Nullable BpfMap map(String map) {
    MemorySegment own = findMap(map);
    return own.equals(MemorySegment.NULL) ? null : new BpfMap(own);
  }

  /**
   * Attaches one program to where its section name says. {@return null, or why it could not be}
   *
   * @param cgroupFd the cgroup for programs of cgroup types: its descendants are all affected
   */
  public @Nullable String attach(BpfProgram program, int cgroupFd) {
    Libbpf.clearLog();
    MemorySegment link =
        program.isForCgroup()
            ? Lib.bpf_program__attach_cgroup(program.pointer(), cgroupFd)
            : Lib.bpf_program__attach(program.pointer());
    if (link.equals(MemorySegment.NULL)) {
      return "attaching %s (%s): %s"
          .formatted(program.name(), program.section(), lastLine(Libbpf.log()));
    }
    links.add(link);
    return null;
  }

  /** Detaches all programs; maps stay readable until {@link #close}. */
  public void detach() {
    for (MemorySegment link : links) {
      Lib.bpf_link__destroy(link);
    }
    links.clear();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      detach();
      Lib.bpf_object__close(object);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private MemorySegment findMap(String map) {
    try (Arena arena = Arena.ofConfined()) {
      return Lib.bpf_object__find_map_by_name(object, arena.allocateFrom(map));
    }
  }

  private void check(String doing, int error) {
    if (error != 0) {
      throw new IllegalStateException("%s of %s: %s".formatted(doing, name, Libbpf.error(error)));
    }
  }

  static String lastLine(String log) {
    String trimmed = log.strip();
    return trimmed.substring(trimmed.lastIndexOf('\n') + 1).replace("libbpf: ", "");
  }
}
