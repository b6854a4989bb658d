package dev.sallyport.agent.process;

import static dev.sallyport.agent.process.ProcessRecords.LAUNCH_LAYOUT;
import static dev.sallyport.agent.process.ProcessRecords.LINEAGE_LAYOUT;
import static dev.sallyport.agent.process.ProcessRecords.SNAPSHOT_LAYOUT;

import dev.sallyport.agent.host.ProbeHost;
import dev.sallyport.agent.kernel.BpfMap;
import dev.sallyport.agent.kernel.BpfProgram;
import dev.sallyport.agent.kernel.TaskIterator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says in the kernel which processes jobs begin with. Control thread; the core must be loaded.
 *
 * <p>From there on the kernel goes by itself: all that a root starts, however it goes about it,
 * belongs to the job.
 */
public final class JobRoots {

  private static final int PASSES = 16;

  private final BpfMap launches;
  private final BpfMap lineages;
  private final BpfProgram snapshot;

  /** Uses the maps of the core in a host. */
  public JobRoots(ProbeHost host) {
    launches = Objects.requireNonNull(host.map("launches"), "the core is not loaded");
    lineages = Objects.requireNonNull(host.map("sp_lineages"), "the core is not loaded");
    snapshot = Objects.requireNonNull(host.program("process_snapshot"), "the core is not loaded");
  }

  /** Makes what a thread forks from now on the root of a job, and its first step. */
  public void launchFrom(int thread, long jobId, int stepId) {
    byte[] value = new byte[LAUNCH_LAYOUT.size()];
    ByteBuffer launch = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    launch.putLong(LAUNCH_LAYOUT.offset("job_id"), jobId);
    launch.putInt(LAUNCH_LAYOUT.offset("step_id"), stepId);
    launches.put(key(thread), value);
  }

  /** Ends {@link #launchFrom}. */
  public void launched(int thread) {
    launches.remove(key(thread));
  }

  /**
   * Makes an existing process the root of a job and takes in all that descends from it, whatever is
   * being forked meanwhile: the kernel's fork hook takes care of the children of those that are in,
   * and the passes end when none was left to take in.
   *
   * @return whether there was such a process
   */
  public boolean adopt(int pid, long jobId) {
    ByteBuffer found = find(pid);
    if (found == null) {
      return false;
    }
    byte[] value = new byte[LINEAGE_LAYOUT.size()];
    ByteBuffer lineage = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    lineage.putLong(LINEAGE_LAYOUT.offset("job_id"), jobId);
    // Never given by the kernel's counter, which leaves the uppermost bit alone.
    lineage.putLong(LINEAGE_LAYOUT.offset("exec_id"), 1L << 63 | pid);
    lineage.putLong(
        LINEAGE_LAYOUT.offset("start_ns"), found.getLong(SNAPSHOT_LAYOUT.offset("start_ns")));
    lineage.putInt(LINEAGE_LAYOUT.offset("tgid"), pid);
    lineage.putInt(LINEAGE_LAYOUT.offset("flags"), ProcessRecords.LINEAGE_ROOT);
    lineage.putInt(LINEAGE_LAYOUT.offset("euid"), found.getInt(SNAPSHOT_LAYOUT.offset("euid")));
    lineages.put(key(pid), value);
    for (int pass = 0; pass < PASSES; pass++) {
      if (adoptedIn(lines()) == 0) {
        break;
      }
    }
    return true;
  }

  private @Nullable ByteBuffer find(int pid) {
    ByteBuffer lines = lines();
    for (int at = 0; at + SNAPSHOT_LAYOUT.size() <= lines.limit(); at += SNAPSHOT_LAYOUT.size()) {
      ByteBuffer line = lines.slice(at, SNAPSHOT_LAYOUT.size()).order(ByteOrder.nativeOrder());
      if (line.getInt(SNAPSHOT_LAYOUT.offset("tgid")) == pid) {
        return line;
      }
    }
    return null;
  }

  private static int adoptedIn(ByteBuffer lines) {
    int adopted = 0;
    for (int at = 0; at + SNAPSHOT_LAYOUT.size() <= lines.limit(); at += SNAPSHOT_LAYOUT.size()) {
      adopted += lines.getInt(at + SNAPSHOT_LAYOUT.offset("adopted"));
    }
    return adopted;
  }

  private ByteBuffer lines() {
    return ByteBuffer.wrap(TaskIterator.run(snapshot)).order(ByteOrder.nativeOrder());
  }

  private static byte[] key(int id) {
    byte[] key = new byte[4];
    ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).putInt(id);
    return key;
  }
}
