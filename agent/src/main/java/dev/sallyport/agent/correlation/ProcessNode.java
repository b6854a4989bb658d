package dev.sallyport.agent.correlation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process image: what a process was from fork or exec to the next exec or its exit.
 *
 * <p>Written by the reader thread only, until {@link #ended(Exit)}; other threads may read it at
 * any time and then see each field as it was at some moment.
 */
public final class ProcessNode {

  /** How deep {@link #ancestors} goes: deeper trees are cut, farthest ancestors first. */
  public static final int MAX_ANCESTORS = 32;

  private final long execId;
  private final int pid;
  private final int parentPid;
  private final long startUnixNanos;
  private final @Nullable ProcessNode parent;
  private final Image image;
  private volatile @Nullable Exit exit;

  /**
   * Makes a node.
   *
   * @param execId the image's id, unique on the host
   * @param pid in the host's pid namespace
   * @param parentPid the process that forked it
   * @param startUnixNanos when the process (not the image) began, nanoseconds since 1970
   * @param parent the image that forked it or, when that image replaced itself by this one, the
   *     image before; null when unknown
   * @param image what runs
   */
  public ProcessNode(
      long execId,
      int pid,
      int parentPid,
      long startUnixNanos,
      @Nullable ProcessNode parent,
      Image image) {
    this.execId = execId;
    this.pid = pid;
    this.parentPid = parentPid;
    this.startUnixNanos = startUnixNanos;
    this.parent = parent;
    this.image = image;
  }

  /** {@return the image's id, unique on the host} */
  public long execId() {
    return execId;
  }

  /** {@return the process id in the host's pid namespace} */
  public int pid() {
    return pid;
  }

  /** {@return the id of the process that forked it} */
  public int parentPid() {
    return parentPid;
  }

  /** {@return when the process began, in nanoseconds since 1970} */
  public long startUnixNanos() {
    return startUnixNanos;
  }

  /** {@return the image it came from, null when unknown} */
  public @Nullable ProcessNode parent() {
    return parent;
  }

  /** {@return what runs} */
  public Image image() {
    return image;
  }

  /** {@return how it ended, null while it runs} */
  public @Nullable Exit exit() {
    return exit;
  }

  /** Says that it ended. Reader thread only. */
  public void ended(Exit how) {
    exit = how;
  }

  /** {@return the executables' paths of those it descends from, nearest first} */
  public List<String> ancestors() {
    List<String> ancestors = new ArrayList<>();
    for (ProcessNode node = parent;
        node != null && ancestors.size() < MAX_ANCESTORS;
        node = node.parent) {
      if (!node.image.forked()) {
        ancestors.add(node.image.executable());
      }
    }
    return ancestors;
  }

  @Override
  public String toString() {
    return "process %d %s".formatted(pid, image);
  }

  /**
   * What a process runs. All texts are the job's own and hostile.
   *
   * @param executable the file's full path, as the process's mount namespace has it
   * @param arguments the command line, possibly cut
   * @param argumentsCut whether it was
   * @param workingDirectory at exec
   * @param userId effective user
   * @param groupId effective group
   * @param forked true for a copy of the parent that has not executed anything itself
   * @param execUnixNanos when it was executed (or forked), in nanoseconds since 1970
   */
  public record Image(
      String executable,
      List<String> arguments,
      boolean argumentsCut,
      String workingDirectory,
      int userId,
      int groupId,
      boolean forked,
      long execUnixNanos) {

    /** {@return the last component of the executable's path} */
    public String name() {
      return executable.substring(executable.lastIndexOf('/') + 1);
    }
  }

  /**
   * How an image ended.
   *
   * @param unixNanos when
   * @param code exit status, 0 to 255; 0 when a signal ended it
   * @param signal the signal's number, 0 when none
   * @param replaced true when it ended by executing another program, the process going on
   */
  public record Exit(long unixNanos, int code, int signal, boolean replaced) {}
}
