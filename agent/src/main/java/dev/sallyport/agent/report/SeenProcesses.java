package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process images of a job that the report shows: those that executed something, and forked
 * copies that did something else worth an event. Written by the reader thread.
 */
final class SeenProcesses {

  // So many destinations are tied to one process; what a port scanner does beyond is counted.
  private static final int MAX_DESTINATIONS = 64;

  private final Limits limits;
  private final Map<Long, Image> images = new LinkedHashMap<>();
  private final Map<Integer, Integer> imagesByStep = new HashMap<>();
  private long text;
  private long executed;
  private long failed;
  private long leftOut;

  SeenProcesses(Limits limits) {
    this.limits = limits;
  }

  /** Takes an exec. */
  void executed(ObservedEvent event, Attributes attributes) {
    executed++;
    imagesByStep.merge(event.step().id(), 1, Integer::sum);
    Image image = show(event);
    if (image == null) {
      leftOut++;
    } else {
      List<String> flags = flags(attributes);
      long userBefore = attributes.number("sallyport.process.user.id.before", -1);
      if (userBefore >= 0 && event.process() != null) {
        flags.add("uid " + userBefore + " → " + event.process().image().userId());
      }
      image.flag(flags);
    }
  }

  /** Takes an exit. */
  void exited(ObservedEvent event, Attributes attributes) {
    ProcessNode node = event.process();
    if (node == null) {
      return;
    }
    // A copy that came and went without a trace of its own is not worth a line.
    Image image = node.image().forked() ? images.get(node.execId()) : show(event);
    if (image != null) {
      image.flag(flags(attributes));
    }
    ProcessNode.Exit exit = node.exit();
    if (exit != null && !node.image().forked() && (exit.code() != 0 || exit.signal() != 0)) {
      failed++;
    }
  }

  // What is true of a process and worth saying, in words.
  private static List<String> flags(Attributes attributes) {
    List<String> flags = new ArrayList<>(1);
    for (String name : attributes.trueOnes()) {
      flags.add(
          switch (name) {
            case "sallyport.process.privileged_exec" -> "gained privileges";
            case "sallyport.process.executable.memfd" -> "runs from memory";
            case "sallyport.process.executable.deleted" -> "deleted executable";
            case "sallyport.process.exit.core_dumped" -> "dumped core";
            default -> name.substring(name.lastIndexOf('.') + 1).replace('_', ' ');
          });
    }
    return flags;
  }

  /** {@return what is kept of the process of an event; null when it has none, or none is kept} */
  @Nullable Image show(ObservedEvent event) {
    ProcessNode node = event.process();
    if (node == null) {
      return null;
    }
    Image known = images.get(node.execId());
    if (known != null) {
      return known;
    }
    long size = size(node.image());
    if (images.size() >= limits.processes() || text + size > limits.processText()) {
      return null;
    }
    text += size;
    Image image = new Image(node, event.step());
    images.put(node.execId(), image);
    return image;
  }

  private static long size(ProcessNode.Image image) {
    long size = (long) image.executable().length() + image.workingDirectory().length();
    for (String argument : image.arguments()) {
      size += argument.length() + 8L;
    }
    return size;
  }

  /** {@return the images kept, in order of first sight, by their ids} */
  Map<Long, Image> images() {
    return images;
  }

  /** {@return how many images a step executed, kept or not} */
  int executedIn(int stepId) {
    return imagesByStep.getOrDefault(stepId, 0);
  }

  /** {@return how many images were executed, kept or not} */
  long executed() {
    return executed;
  }

  /** {@return how many ended with another status than 0 or by a signal} */
  long failed() {
    return failed;
  }

  /** {@return how many executed images are not kept} */
  long leftOut() {
    return leftOut;
  }

  /** A process image and what it did. */
  static final class Image {
    final ProcessNode node;
    final StepContext step;
    final List<SeenDestinations.Destination> destinations = new ArrayList<>(0);
    int findings;
    private List<String> flags = List.of();

    private Image(ProcessNode node, StepContext step) {
      this.node = node;
      this.step = step;
    }

    /** {@return whether the destination is new to it; false too when it has too many to tell} */
    boolean contacted(SeenDestinations.Destination destination) {
      if (destinations.size() >= MAX_DESTINATIONS || destinations.contains(destination)) {
        return false;
      }
      destinations.add(destination);
      return true;
    }

    /** {@return what is special about it, in words} */
    List<String> flags() {
      return flags;
    }

    private void flag(List<String> names) {
      if (!names.isEmpty()) {
        List<String> more = new ArrayList<>(flags);
        for (String name : names) {
          if (!more.contains(name) && more.size() < 8) {
            more.add(name);
          }
        }
        flags = more;
      }
    }
  }
}
