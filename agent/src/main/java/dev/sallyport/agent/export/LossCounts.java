package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.ArrayList;
import java.util.List;

/** Counts events lost for one reason. Thread-safe. */
final class LossCounts {

  private final EventCounts counts = new EventCounts();
  private final String reason;

  LossCounts(String reason) {
    this.reason = reason;
  }

  void add(ObservedEvent event) {
    counts.add(event);
  }

  List<Loss> losses() {
    List<Loss> losses = new ArrayList<>();
    counts.forEach((probe, event, count) -> losses.add(new Loss(probe, event, reason, count)));
    return losses;
  }
}
