package dev.sallyport.spi.runner;

/** How a job ended. */
public enum JobResult {
  /** All is well. */
  SUCCESS,
  /** It failed. */
  FAILURE,
  /** Someone cancelled it. */
  CANCELLED,
  /** The runner died before it could say. */
  ABANDONED
}
