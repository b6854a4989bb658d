package dev.sallyport.spi.runner;

/** Takes what an adapter learns of jobs. Thread-safe; returns at once. */
public interface JobSignals {

  /** A job was recognised, perhaps before anything is known of it. */
  void started(long jobId, JobIdentity identity);

  /** More is known of a job than before; what was already observed is bound to it. */
  void identified(long jobId, JobIdentity identity);

  /** A step is known by name. */
  void step(long jobId, StepIdentity step);

  /** A job ended; processes of it may linger. */
  void ended(long jobId, JobResult result);
}
