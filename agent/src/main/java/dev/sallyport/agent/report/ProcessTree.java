package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.ProcessNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hangs each shown process image on the nearest shown one that it came from, within its step:
 * copies between them that did nothing of their own are skipped.
 */
final class ProcessTree {

  // How far up one looks for a shown ancestor. Chains of silent copies are short, unless built to
  // be
  // long; then the image stands directly below its step.
  private static final int MAX_HOPS = 1_000;
  private static final int MAX_ARGUMENTS = 200;
  private static final int MAX_CONTACTS = 8;

  private final ViewBuilder texts;
  private final Map<SeenDestinations.Destination, ReportView.Contact> contacts = new HashMap<>();

  ProcessTree(ViewBuilder texts) {
    this.texts = texts;
  }

  /** {@return the images that have no shown ancestor in their step, with all below them} */
  List<ReportView.Image> build(Map<Long, SeenProcesses.Image> images) {
    Map<Long, ReportView.Image> shown = HashMap.newHashMap(images.size());
    List<ReportView.Image> roots = new ArrayList<>();
    for (SeenProcesses.Image image : images.values()) {
      ProcessNode parent = shownAncestor(image, images);
      shown.put(image.node.execId(), process(image, parent));
    }
    for (ReportView.Image process : List.copyOf(shown.values())) {
      ReportView.Image parent = shown.get(process.parentExecId());
      if (parent == null) {
        roots.add(process);
      } else {
        parent.children().add(process);
      }
    }
    shown.values().forEach(process -> process.children().sort(ProcessTree::compare));
    roots.sort(ProcessTree::compare);
    return roots;
  }

  private static int compare(ReportView.Image one, ReportView.Image other) {
    int byTime = Long.compare(one.startNanos(), other.startNanos());
    return byTime != 0 ? byTime : Long.compareUnsigned(one.execId(), other.execId());
  }

  private static @Nullable ProcessNode shownAncestor(
      SeenProcesses.Image image, Map<Long, SeenProcesses.Image> images) {
    int hops = 0;
    for (ProcessNode node = image.node.parent();
        node != null && hops < MAX_HOPS;
        node = node.parent()) {
      SeenProcesses.Image found = images.get(node.execId());
      if (found != null && found != image) {
        return found.step.id() == image.step.id() ? node : null;
      }
      hops++;
    }
    return null;
  }

  private ReportView.Image process(SeenProcesses.Image seen, @Nullable ProcessNode parent) {
    ProcessNode node = seen.node;
    ProcessNode.Image image = node.image();
    ProcessNode.Exit exit = node.exit();
    List<String> arguments =
        image.arguments().size() <= MAX_ARGUMENTS
            ? image.arguments()
            : image.arguments().subList(0, MAX_ARGUMENTS);
    ProcessNode before = node.parent();
    ProcessNode.Exit beforesEnd = before == null ? null : before.exit();
    return new ReportView.Image(
        node.execId(),
        parent == null ? 0 : parent.execId(),
        node.pid(),
        node.parentPid(),
        seen.step.id(),
        texts.text(image.name()),
        texts.text(image.executable()),
        texts.texts(arguments),
        image.argumentsCut() || arguments.size() < image.arguments().size(),
        texts.text(Texts.commandLine(arguments)),
        texts.text(image.workingDirectory()),
        image.userId(),
        image.groupId(),
        image.forked(),
        image.execUnixNanos(),
        exit == null ? -1 : Math.max(0, exit.unixNanos() - image.execUnixNanos()),
        exit == null || exit.replaced() ? -1 : exit.code(),
        exit == null ? 0 : exit.signal(),
        exit != null && exit.replaced(),
        beforesEnd != null
            && before != null
            && beforesEnd.replaced()
            && before.pid() == node.pid()
            && !before.image().forked(),
        texts.texts(seen.flags()),
        seen.destinations.stream().limit(MAX_CONTACTS).map(this::contact).toList(),
        seen.findings,
        new ArrayList<>(0));
  }

  private ReportView.Contact contact(SeenDestinations.Destination destination) {
    return contacts.computeIfAbsent(
        destination,
        each -> {
          String verdict = ViewBuilder.verdict(each.verdicts);
          return new ReportView.Contact(
              texts.text(SeenSockets.endpoint(each.key.name(), each.key.port())),
              verdict.equals("blocked") || verdict.equals("would_block"));
        });
  }
}
