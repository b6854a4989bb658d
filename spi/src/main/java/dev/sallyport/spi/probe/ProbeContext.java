package dev.sallyport.spi.probe;

/**
 * The host's services for one probe. The host makes it; methods may be added in later versions.
 *
 * <p>Thread-safe, valid until the probe's decoder is closed.
 */
public interface ProbeContext {

  /**
   * {@return a map of the probe's own objects}
   *
   * @throws IllegalArgumentException when the objects have no map of that name
   */
  ProbeMap map(String name);

  /** {@return whether an optional program was loaded, so that what it sees will be seen} */
  boolean hasProgram(String program);

  /** {@return the wall clock, in nanoseconds since 1970, of a record's kernel time} */
  long toUnixNanos(long kernelTimeNanos);

  /**
   * Reports something that keeps the probe from seeing all that it should; it becomes a {@code
   * sallyport.coverage.gap} event and a line in the report. Repeats of one reason are folded.
   */
  void coverageGap(String reason);
}
