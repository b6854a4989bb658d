package dev.sallyport.spi.probe;

/**
 * The entry to a probe plugin, found by {@link java.util.ServiceLoader}.
 *
 * <p>Cheap and inert: the constructor and {@link #descriptor()} do no I/O, do not block and do not
 * throw. Work begins in {@link #open}.
 */
public interface ProbeProvider {

  /** {@return what the probe is and needs} Called once, before anything is loaded. */
  ProbeDescriptor descriptor();

  /**
   * Makes the decoder of the probe's records. Called on the host's control thread, after the
   * probe's objects were loaded and before any of its programs is attached.
   *
   * @param context the host's services for this probe, valid until the decoder is closed
   * @return the decoder, used from one thread at a time
   */
  EventDecoder open(ProbeContext context);
}
