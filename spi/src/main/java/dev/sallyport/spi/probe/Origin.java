package dev.sallyport.spi.probe;

/**
 * When and on whose behalf the kernel wrote a record: the record's head, kept.
 *
 * @param timeNanos the kernel's boot-time clock
 * @param jobId the job
 * @param stepId the step within the job; 0 outside any step
 * @param execId the process image: new at fork and at exec, unique on the host
 * @param pid the process, as the host's own pid namespace numbers it
 * @param tid the thread, 0 when it was not a thread's own doing
 * @param cgroupId the process's cgroup in the cgroup2 hierarchy
 */
public record Origin(
    long timeNanos, long jobId, int stepId, long execId, int pid, int tid, long cgroupId) {}
