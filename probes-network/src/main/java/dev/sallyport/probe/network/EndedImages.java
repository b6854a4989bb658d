package dev.sallyport.probe.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Process images that are over, and since when; the latest of them. */
final class EndedImages {

  private static final int MOST = 16384;

  private final Map<Long, Long> endedAt =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > MOST;
        }
      };

  void add(long execId, long nowNanos) {
    endedAt.put(execId, nowNanos);
  }

  boolean contains(long execId) {
    return endedAt.containsKey(execId);
  }

  /** {@return whether the image ended, and at least that long ago} */
  boolean longOver(long execId, long nowNanos, long nanos) {
    @Nullable Long at = endedAt.get(execId);
    return at != null && nowNanos - at >= nanos;
  }
}
