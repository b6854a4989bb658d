package dev.sallyport.probe.network;

import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.Origin;
import org.jspecify.annotations.Nullable;

/** Repeats of one thing that a process image does, gathered into one event. */
abstract class Fold {

  private final Object key;
  private final Origin origin;
  private boolean given;

  /**
   * Begins to gather.
   *
   * @param key what makes two happenings the same
   * @param origin the first of them
   */
  Fold(Object key, Origin origin) {
    this.key = key;
    this.origin = origin;
  }

  final Object key() {
    return key;
  }

  final Origin origin() {
    return origin;
  }

  /** {@return whether the event went out, so that nothing more can be gathered here} */
  final boolean given() {
    return given;
  }

  final void markGiven() {
    given = true;
  }

  /** {@return whether nothing more is expected} */
  abstract boolean settled();

  /** {@return the event of what was gathered, null when there is nothing to tell} */
  abstract @Nullable ProbeEvent event();
}
