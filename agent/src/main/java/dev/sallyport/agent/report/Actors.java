package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The processes and steps that did something, the first of them by name. Reader thread only. */
final class Actors {

  private static final int MAX_PROCESSES = 20;
  private static final int MAX_STEPS = 50;

  private final List<Actor> processes = new ArrayList<>(1);
  private final Map<Integer, StepContext> steps = LinkedHashMap.newLinkedHashMap(1);
  private @Nullable ProcessNode latest;
  private boolean more;

  void add(ObservedEvent event) {
    if (steps.size() < MAX_STEPS) {
      steps.put(event.step().id(), event.step());
    }
    ProcessNode node = event.process();
    if (node == null || node == latest) {
      return;
    }
    latest = node;
    for (Actor known : processes) {
      if (known.node.execId() == node.execId()) {
        return;
      }
    }
    if (processes.size() < MAX_PROCESSES) {
      processes.add(new Actor(node, event.step()));
    } else {
      more = true;
    }
  }

  List<Actor> processes() {
    return processes;
  }

  Iterable<StepContext> steps() {
    return steps.values();
  }

  /** {@return whether there were more processes than {@link #processes} names} */
  boolean more() {
    return more;
  }

  /** A process in its step. */
  record Actor(ProcessNode node, StepContext step) {}
}
