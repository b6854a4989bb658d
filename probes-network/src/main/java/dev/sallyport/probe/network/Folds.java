package dev.sallyport.probe.network;

import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is being gathered, by process image. An event is given when its image is over and nothing
 * more is expected, or some time after the image's end, or at the end of all; and when there is too
 * much to hold, the oldest goes first.
 *
 * @param <F> the kind of fold
 */
final class Folds<F extends Fold> {

  /** How long after its image's end a fold that expects more is held. */
  static final long PATIENCE_NANOS = 2_000_000_000L;

  private final int most;
  private final EndedImages ended;
  private final LinkedHashMap<Object, F> byKey = new LinkedHashMap<>();
  private final Map<Long, List<F>> byImage = new HashMap<>();
  private long givenEarly;

  Folds(int most, EndedImages ended) {
    this.most = most;
    this.ended = ended;
  }

  @Nullable F get(Object key) {
    return byKey.get(key);
  }

  void add(F fold, EventSink sink) {
    if (byKey.size() >= most) {
      givenEarly++;
      give(byKey.firstEntry().getValue(), sink);
    }
    byKey.put(fold.key(), fold);
    byImage.computeIfAbsent(fold.origin().execId(), id -> new ArrayList<>(2)).add(fold);
  }

  /** Looks at a fold again after something happened that it had expected. */
  void happened(F fold, EventSink sink) {
    if (!fold.given() && fold.settled() && ended.contains(fold.origin().execId())) {
      give(fold, sink);
    }
  }

  void imageEnded(long execId, EventSink sink) {
    List<F> folds = byImage.get(execId);
    if (folds == null) {
      return;
    }
    for (F fold : List.copyOf(folds)) {
      if (fold.settled()) {
        give(fold, sink);
      }
    }
  }

  void flush(boolean end, long nowNanos, EventSink sink) {
    for (F fold : List.copyOf(byKey.values())) {
      if (end || ended.longOver(fold.origin().execId(), nowNanos, PATIENCE_NANOS)) {
        give(fold, sink);
      }
    }
  }

  /** {@return how many are held} */
  int size() {
    return byKey.size();
  }

  /** {@return how many went out before their time, for want of room} */
  long givenEarly() {
    return givenEarly;
  }

  private void give(F fold, EventSink sink) {
    byKey.remove(fold.key());
    long execId = fold.origin().execId();
    List<F> folds = byImage.get(execId);
    if (folds != null) {
      folds.remove(fold);
      if (folds.isEmpty()) {
        byImage.remove(execId);
      }
    }
    fold.markGiven();
    ProbeEvent event = fold.event();
    if (event != null) {
      sink.emit(fold.origin(), event);
    }
  }
}
