package dev.sallyport.spi.probe;

/** The layout of {@code struct sp_header} in {@code sallyport.bpf.h}. */
public final class RecordHeader {

  /** The struct, field by field. */
  public static final RecordLayout LAYOUT =
      RecordLayout.struct("sp_header")
          .u64("time_ns")
          .u64("sequence")
          .u64("job_id")
          .u64("exec_id")
          .u64("cgroup_id")
          .u32("step_id")
          .u32("tgid")
          .u32("tid")
          .u16("probe")
          .u16("event")
          .u16("cpu")
          .u16("flags")
          .u32("reserved")
          .build();

  /** Its size in bytes: where a record's own fields begin. */
  public static final int SIZE = 64;

  /** The flag that says that a variable part of the record did not fit. */
  public static final int TRUNCATED = 1;

  private RecordHeader() {}
}
