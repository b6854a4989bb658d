package dev.sallyport.spi.runner;

import org.jspecify.annotations.Nullable;

/**
 * Who a job is. Null is what is not known, or not known yet.
 *
 * @param repository {@code owner/name}
 * @param workflow the workflow's name
 * @param job the job's name
 * @param runId the run's id in the CI system
 * @param runAttempt 1 for the first, 0 when unknown
 * @param runUrl a page about the run
 * @param refName the branch or tag
 * @param revision the commit
 * @param runnerName the runner's name
 */
public record JobIdentity(
    @Nullable String repository,
    @Nullable String workflow,
    @Nullable String job,
    @Nullable String runId,
    int runAttempt,
    @Nullable String runUrl,
    @Nullable String refName,
    @Nullable String revision,
    @Nullable String runnerName) {

  /** Nothing is known. */
  public static final JobIdentity UNKNOWN =
      new JobIdentity(null, null, null, null, 0, null, null, null, null);
}
