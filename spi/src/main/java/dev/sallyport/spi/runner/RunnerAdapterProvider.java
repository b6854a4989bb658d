package dev.sallyport.spi.runner;

/**
 * The entry to a runner adapter, found by {@link java.util.ServiceLoader}.
 *
 * <p>Cheap and inert until {@link Detection.Detected#open()}.
 */
public interface RunnerAdapterProvider {

  /** {@return short, unique and stable, such as {@code vm}} */
  String id();

  /** {@return the adapter's own version, shown to people} */
  String version();

  /**
   * Looks whether this host is of the adapter's kind. Pure, within 100 ms, without the network.
   *
   * @param host what can be known of the host
   */
  Detection detect(HostFacts host);
}
