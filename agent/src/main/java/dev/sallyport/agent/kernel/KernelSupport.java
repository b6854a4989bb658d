package dev.sallyport.agent.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this machine offers, found by trying, never by comparing version numbers.
 *
 * <p>{@link #check} is what {@code doctor} shows; {@link #open} is what {@code run} needs.
 */
public final class KernelSupport implements AutoCloseable {

  private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");

  private final Path cgroupRoot;
  private final int cgroupFd;
  private @Nullable Btf btf;

  private KernelSupport(Path cgroupRoot, int cgroupFd) {
    this.cgroupRoot = cgroupRoot;
    this.cgroupFd = cgroupFd;
  }

  /**
   * One thing that Sallyport needs of the machine.
   *
   * @param subject what it is
   * @param state whether it is there
   * @param detail what was found
   * @param remedy what a person can do, empty when there is nothing to do
   */
  public record Check(String subject, State state, String detail, String remedy) {

    /** Whether what is needed is there. */
    public enum State {
      /** It is. */
      OK,
      /** It is not; something is not seen without it. */
      LIMITED,
      /** It is not; {@code run} would refuse. */
      MISSING,
      /** It is not, for want of rights: {@code run} would refuse. */
      NOT_PERMITTED
    }
  }

  /** {@return what this machine has and lacks, most basic first} */
  public static List<Check> check() {
    List<Check> checks = new ArrayList<>();
    checks.add(checkRights());
    checks.add(checkLibbpf());
    checks.add(checkBtf());
    checks.add(checkCgroup2());
    checks.add(checkTracefs());
    return checks;
  }

  /** {@return the first check that keeps {@code run} from working, null when none does} */
  public static @Nullable Check firstObstacle() {
    for (Check check : check()) {
      if (check.state() == Check.State.MISSING || check.state() == Check.State.NOT_PERMITTED) {
        return check;
      }
    }
    return null;
  }

  /**
   * Opens what loading and attaching needs. Call when {@link #firstObstacle} has found none.
   *
   * @throws IllegalStateException when the machine changed meanwhile
   */
  public static KernelSupport open() {
    Path root = Mounts.cgroup2();
    if (root == null) {
      throw new IllegalStateException("cgroup2 is no longer mounted");
    }
    int fd = Libc.open(root.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw new IllegalStateException("opening %s: %s".formatted(root, Libc.message(Libc.errno())));
    }
    return new KernelSupport(root, fd);
  }

  /** {@return the root of the cgroup2 hierarchy} */
  public Path cgroupRoot() {
    return cgroupRoot;
  }

  /** {@return the root cgroup's descriptor: all processes of the host are below it} */
  public int cgroupFd() {
    return cgroupFd;
  }

  /**
   * {@return why the kernel has no such hook, null when it has it or when only loading can tell}
   *
   * @param section a program's section name, such as {@code tp_btf/sched_process_fork}
   */
  public @Nullable String missingHook(String section) {
    int slash = section.indexOf('/');
    String kind = slash < 0 ? section : section.substring(0, slash);
    String target = slash < 0 ? "" : section.substring(slash + 1);
    return switch (kind) {
      case "tp_btf" -> kernelBtf().hasTracepoint(target) ? null : "no tracepoint " + target;
      case "tracepoint", "tp" -> missingTracepoint(target);
      case "iter" -> kernelBtf().hasStruct("bpf_iter__" + target) ? null : "no iterator " + target;
      default -> null;
    };
  }

  /** Frees what {@link #missingHook} gathered: some 10 MB. */
  public void forget() {
    if (btf != null) {
      btf.free();
      btf = null;
    }
  }

  @Override
  public void close() {
    forget();
    Libc.close(cgroupFd);
  }

  private Btf kernelBtf() {
    Btf known = btf;
    if (known == null) {
      known = Btf.ofKernel();
      if (known == null) {
        throw new IllegalStateException("the kernel's BTF could not be read: " + KERNEL_BTF);
      }
      btf = known;
    }
    return known;
  }

  private static @Nullable String missingTracepoint(String target) {
    Path tracefs = Mounts.tracefs();
    if (tracefs == null) {
      return "tracefs is not mounted";
    }
    return Files.exists(tracefs.resolve("events").resolve(target).resolve("id"))
        ? null
        : "no tracepoint " + target;
  }

  private static Check checkRights() {
    return Libc.geteuid() == 0
        ? new Check("rights", Check.State.OK, "root", "")
        : new Check(
            "rights",
            Check.State.NOT_PERMITTED,
            "user id " + Libc.geteuid() + ", expected root (CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN)",
            "run it with sudo");
  }

  private static Check checkLibbpf() {
    return switch (Libbpf.load()) {
      case Libbpf.Availability.Loaded(Path file, String version) ->
          new Check("libbpf", Check.State.OK, version + " at " + file, "");
      case Libbpf.Availability.Missing(String reason, String remedy) ->
          new Check("libbpf", Check.State.MISSING, reason, remedy);
    };
  }

  private static Check checkBtf() {
    return Files.isReadable(KERNEL_BTF)
        ? new Check("kernel types (BTF)", Check.State.OK, KERNEL_BTF.toString(), "")
        : new Check(
            "kernel types (BTF)",
            Check.State.MISSING,
            "expected " + KERNEL_BTF + ", found none",
            "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of Debian 11+ and Ubuntu"
                + " 20.10+ are");
  }

  private static Check checkCgroup2() {
    Path root = Mounts.cgroup2();
    return root != null
        ? new Check("cgroup2", Check.State.OK, "mounted at " + root, "")
        : new Check(
            "cgroup2",
            Check.State.MISSING,
            "expected a mounted cgroup2 hierarchy, found none",
            "mount it: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none"
                + " /sys/fs/cgroup/unified");
  }

  private static Check checkTracefs() {
    Path tracefs = Mounts.tracefs();
    return tracefs != null
        ? new Check("tracefs", Check.State.OK, "mounted at " + tracefs, "")
        : new Check(
            "tracefs",
            Check.State.LIMITED,
            "not mounted and not mountable: packet sockets are not seen",
            "mount it: mount -t tracefs tracefs /sys/kernel/tracing");
  }
}
