package dev.sallyport.spi;

/**
 * The version of the SPI that a plugin was built against, or that a host offers.
 *
 * <p>A host accepts a plugin of its own major version and of its own minor version or an older one:
 * a minor version only adds, a major version may take away.
 *
 * @param major grows when something that plugins use changes or goes
 * @param minor grows when something is added
 */
public record SpiVersion(int major, int minor) {

  /** The version of the SPI in this jar. */
  public static final SpiVersion CURRENT = new SpiVersion(1, 0);

  /**
   * {@return whether a host that offers this version can run a plugin built against {@code other}}
   */
  public boolean accepts(SpiVersion other) {
    return major == other.major && other.minor <= minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
