package dev.sallyport.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import me.bechberger.ebpf.bpf.raw.Lib;
import me.bechberger.ebpf.bpf.raw.bpf_prog_info;

/** One program of a {@link BpfObject}. Valid until the object is closed. */
public final class BpfProgram {

  private final MemorySegment pointer;
  private final String name;
  private final String section;

  BpfProgram(MemorySegment pointer) {
    this.pointer = pointer;
    this.name = Libbpf.text(Lib.bpf_program__name(pointer));
    this.section = Libbpf.text(Lib.bpf_program__section_name(pointer));
  }

  /** {@return the C function's name} */
  public String name() {
    return name;
  }

  /** {@return the ELF section, which says the hook, such as {@code tp_btf/sched_process_fork}} */
  public String section() {
    return section;
  }

  /** {@return whether load and attach will take it} */
  public boolean isEnabled() {
    return Lib.bpf_program__autoload(pointer);
  }

  /** Leaves the program out of load and attach. Before load. */
  public void disable() {
    Lib.bpf_program__set_autoload(pointer, false);
  }

  /** {@return the loaded program's file descriptor, negative before load} */
  public int fd() {
    return Lib.bpf_program__fd(pointer);
  }

  /**
   * {@return how often the kernel skipped the program because it was already running on that CPU}
   * Each is an event that nobody saw. 0 where the kernel does not say (before 5.12).
   */
  public long missedRuns() {
    if (fd() < 0) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(bpf_prog_info.layout());
      MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
      length.set(ValueLayout.JAVA_INT, 0, (int) info.byteSize());
      return Lib.bpf_obj_get_info_by_fd(fd(), info, length) == 0
          ? bpf_prog_info.recursion_misses(info)
          : 0;
    }
  }

  boolean isForCgroup() {
    return section.startsWith("cgroup") || section.equals("sockops");
  }

  /** {@return whether it is run by reading from it, and not by a hook} */
  public boolean isIterator() {
    return section.startsWith("iter/");
  }

  MemorySegment pointer() {
    return pointer;
  }
}
