package dev.sallyport.agent.process;

import dev.sallyport.spi.probe.RecordLayout;
import java.util.List;

/** The structs of process.h, field by field. */
final class ProcessRecords {

  static final int FORK = 0;
  static final int EXEC = 1;
  static final int EXIT = 2;

  static final RecordLayout FORK_LAYOUT =
      RecordLayout.struct("process_fork")
          .header()
          .u64("parent_exec_id")
          .u64("start_ns")
          .u32("parent_tgid")
          .u32("reserved")
          .build();

  static final RecordLayout EXEC_LAYOUT =
      RecordLayout.struct("process_exec")
          .header()
          .u64("previous_exec_id")
          .u64("start_ns")
          .u64("inode")
          .u32("device")
          .u32("flags")
          .u32("uid")
          .u32("gid")
          .u32("euid")
          .u32("egid")
          .u32("euid_before")
          .u32("egid_before")
          .u32("args_total")
          .u16("path_length")
          .u16("cwd_length")
          .u16("args_length")
          .u16("reserved")
          .u32("reserved2")
          .bytes("data", 3 * 4096)
          .build();

  static final RecordLayout EXIT_LAYOUT =
      RecordLayout.struct("process_exit")
          .header()
          .u64("start_ns")
          .u32("status")
          .u32("reserved")
          .build();

  static final RecordLayout SNAPSHOT_LAYOUT =
      RecordLayout.struct("process_snapshot")
          .u64("start_ns")
          .u64("job_id")
          .u32("tgid")
          .u32("parent_tgid")
          .u32("euid")
          .u32("adopted")
          .bytes("comm", 16)
          .build();

  static final RecordLayout LINEAGE_LAYOUT =
      RecordLayout.struct("sp_lineage")
          .u64("job_id")
          .u64("exec_id")
          .u64("start_ns")
          .u64("cgroup_id")
          .u32("step_id")
          .u32("tgid")
          .u32("flags")
          .u32("next_step")
          .u32("euid")
          .u32("egid")
          .build();

  static final RecordLayout LAUNCH_LAYOUT =
      RecordLayout.struct("process_launch").u64("job_id").u32("step_id").u32("reserved").build();

  static final List<RecordLayout> LAYOUTS =
      List.of(
          FORK_LAYOUT, EXEC_LAYOUT, EXIT_LAYOUT, SNAPSHOT_LAYOUT, LINEAGE_LAYOUT, LAUNCH_LAYOUT);

  static final int ARGS_CUT = 1;
  static final int MEMFD = 8;
  static final int DELETED = 16;
  static final int SECURE = 32;

  static final int LINEAGE_ROOT = 1;

  private ProcessRecords() {}
}
