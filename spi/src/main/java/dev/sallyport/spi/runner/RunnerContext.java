package dev.sallyport.spi.runner;

/** The host's services for a runner adapter. Thread-safe. */
public interface RunnerContext {

  /**
   * Makes an existing process the root of a job: it and all its descendants, those alive included,
   * belong to the job from now on, and each child that it starts opens a step.
   *
   * @param pid the process in the host's pid namespace
   * @return the job's id, which every record of the job carries; 0 when there is no such process
   */
  long adoptJobRoot(int pid);

  /** {@return the wall clock, in nanoseconds since 1970, of a kernel time} */
  long toUnixNanos(long kernelTimeNanos);
}
