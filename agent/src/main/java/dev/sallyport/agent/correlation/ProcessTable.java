package dev.sallyport.agent.correlation;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process images of all jobs, by exec id: those that live, and those that ended lately, for
 * records of their sockets may follow.
 *
 * <p>For the reader thread.
 */
public final class ProcessTable {

  /** How many images are kept after they ended. */
  static final int ENDED_KEPT = 16_384;

  private final LongMap<ProcessNode> images = new LongMap<>();
  private final ArrayDeque<ProcessNode> ended = new ArrayDeque<>();

  /** Makes an empty table. */
  public ProcessTable() {}

  /** {@return the image of an exec id; null when it is unknown or ended long ago} */
  public @Nullable ProcessNode get(long execId) {
    return images.get(execId);
  }

  /** Puts in an image. */
  public void put(ProcessNode node) {
    images.put(node.execId(), node);
  }

  /**
   * Takes in a fork: the child is a copy of its parent until it executes something.
   *
   * @param parent the forking image; null when it belongs to no job or its own fork was lost
   * @param outsider stands in for a parent outside the job, such as the agent; null for none
   */
  public ProcessNode forked(
      long execId,
      int pid,
      int parentPid,
      long startUnixNanos,
      @Nullable ProcessNode parent,
      @Nullable ProcessNode outsider) {
    ProcessNode from = parent != null ? parent : outsider;
    ProcessNode.Image image =
        from == null
            ? new ProcessNode.Image("", List.of(), false, "", -1, -1, true, startUnixNanos)
            : copy(from.image(), startUnixNanos);
    ProcessNode child = new ProcessNode(execId, pid, parentPid, startUnixNanos, from, image);
    put(child);
    return child;
  }

  /**
   * Takes in an exec. The image before it ends, replaced.
   *
   * @param previousExecId the image before
   */
  public ProcessNode executed(
      long execId, long previousExecId, int pid, long startUnixNanos, ProcessNode.Image image) {
    ProcessNode previous = images.get(previousExecId);
    ProcessNode parent = previous;
    int parentPid = 0;
    if (previous != null) {
      parentPid = previous.parentPid();
      if (previous.image().forked()) {
        parent = previous.parent(); // the copy was but a step between parent and program
      }
    }
    ProcessNode node = new ProcessNode(execId, pid, parentPid, startUnixNanos, parent, image);
    put(node);
    return node;
  }

  /** Takes in that an image ended. {@return it, null when it was unknown} */
  public @Nullable ProcessNode ended(long execId, ProcessNode.Exit exit) {
    ProcessNode node = images.get(execId);
    if (node == null || node.exit() != null) {
      return node;
    }
    node.ended(exit);
    ended.add(node);
    if (ended.size() > ENDED_KEPT) {
      images.remove(ended.remove().execId());
    }
    return node;
  }

  private static ProcessNode.Image copy(ProcessNode.Image image, long forkUnixNanos) {
    return new ProcessNode.Image(
        image.executable(),
        image.arguments(),
        image.argumentsCut(),
        image.workingDirectory(),
        image.userId(),
        image.groupId(),
        true,
        forkUnixNanos);
  }
}
