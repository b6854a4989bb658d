package dev.sallyport.agent.correlation;

import dev.sallyport.spi.runner.JobIdentity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The jobs of this host, by the number that their records carry. Thread-safe. */
public final class Jobs {

  private final Map<Long, JobContext> jobs = new ConcurrentHashMap<>();
  private volatile JobContext latest = new JobContext(0, 0, JobIdentity.UNKNOWN);

  /** Makes an empty registry. */
  public Jobs() {}

  /** Registers a job, or gives the one that is registered under its number already. */
  public JobContext register(JobContext job) {
    JobContext known = jobs.putIfAbsent(job.id(), job);
    return known != null ? known : job;
  }

  /**
   * {@return the job of a number, made when none was registered} A record may come before its job
   * is registered; what is learned later binds to it then.
   *
   * @param seenUnixNanos when the record was made
   */
  public JobContext of(long jobId, long seenUnixNanos) {
    JobContext recent = latest; // nearly always the one: spares the boxing
    if (recent.id() == jobId && jobId != 0) {
      return recent;
    }
    JobContext job =
        jobs.computeIfAbsent(jobId, id -> new JobContext(id, seenUnixNanos, JobIdentity.UNKNOWN));
    latest = job;
    return job;
  }
}
