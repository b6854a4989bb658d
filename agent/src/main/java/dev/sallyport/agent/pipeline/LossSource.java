package dev.sallyport.agent.pipeline;

import java.util.List;

/**
 * Something that may lose events and counts them. Thread-safe; cheap enough to ask once a second.
 */
public interface LossSource {

  /** {@return what was lost since the start, entries with count 0 left out} */
  List<Loss> losses();
}
