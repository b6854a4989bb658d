package dev.sallyport.agent.process;

import dev.sallyport.agent.correlation.ProcessNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own process and those it descends from, so that a job's ancestors do not end at it.
 */
public final class AgentAncestry {

  private static final int MAX_DEPTH = 16;

  // Exec ids that no kernel record carries: the process id with the uppermost bit set.
  private static final long OUTSIDE = 1L << 63;

  private AgentAncestry() {}

  /** {@return the agent's own process, its ancestors behind it} */
  public static ProcessNode read() {
    return read(ProcessHandle.current(), 0);
  }

  private static ProcessNode read(ProcessHandle handle, int depth) {
    ProcessHandle above = handle.parent().orElse(null);
    ProcessNode parent = above == null || depth >= MAX_DEPTH ? null : read(above, depth + 1);
    Path proc = Path.of("/proc", Long.toString(handle.pid()));
    long startUnixNanos =
        handle.info().startInstant().map(start -> start.toEpochMilli() * 1_000_000L).orElse(0L);
    ProcessNode.Image image =
        new ProcessNode.Image(
            executable(proc), arguments(proc), false, "", -1, -1, false, startUnixNanos);
    return new ProcessNode(
        OUTSIDE | handle.pid(),
        (int) handle.pid(),
        parent == null ? 0 : parent.pid(),
        startUnixNanos,
        parent,
        image);
  }

  private static String executable(Path proc) {
    try {
      return Files.readSymbolicLink(proc.resolve("exe")).toString();
    } catch (IOException e) {
      return name(proc); // a kernel thread has none, another user's is not ours to read
    }
  }

  private static String name(Path proc) {
    try {
      return Files.readString(proc.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> arguments(Path proc) {
    byte @Nullable [] bytes;
    try {
      bytes = Files.readAllBytes(proc.resolve("cmdline"));
    } catch (IOException e) {
      return List.of();
    }
    return ProcessDecoder.arguments(bytes).stream().limit(64).toList();
  }
}
