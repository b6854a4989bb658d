package dev.sallyport.agent.kernel;

import com.sun.jna.Memory;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import me.bechberger.ebpf.bpf.raw.Lib;

/** Runs an {@code iter/…} program and gives what it wrote. */
public final class TaskIterator {

  private TaskIterator() {}

  /**
   * Runs the program once over all that it iterates.
   *
   * @return everything that it wrote
   * @throws IllegalStateException when the kernel refuses; the program was loaded, so it should not
   */
  public static byte[] run(BpfProgram program) {
    MemorySegment link = Lib.bpf_program__attach_iter(program.pointer(), MemorySegment.NULL);
    if (link.equals(MemorySegment.NULL)) {
      throw new IllegalStateException("attaching iterator " + program.name());
    }
    int fd = Lib.bpf_iter_create(Lib.bpf_link__fd(link));
    try (Memory buffer = new Memory(64 * 1024)) {
      if (fd < 0) {
        throw new IllegalStateException(
            "running iterator %s: %s".formatted(program.name(), Libbpf.error(fd)));
      }
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      long count = Libc.read(fd, buffer, buffer.size());
      while (count > 0 || (count < 0 && Libc.errno() == Libc.EINTR)) {
        if (count > 0) {
          output.writeBytes(buffer.getByteArray(0, (int) count));
        }
        count = Libc.read(fd, buffer, buffer.size());
      }
      if (count < 0) {
        throw new IllegalStateException(
            "reading iterator %s: %s".formatted(program.name(), Libc.message(Libc.errno())));
      }
      return output.toByteArray();
    } finally {
      if (fd >= 0) {
        Libc.close(fd);
      }
      Lib.bpf_link__destroy(link);
    }
  }
}
