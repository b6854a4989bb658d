package dev.sallyport.agent.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the process tree for the page: many equal uneventful children become one line, and no
 * tree is nested deeper than a browser's parser and a template's stack can take.
 */
final class HtmlTree {

  private static final int MAX_DEPTH = 48;
  private static final int MIN_REPEATED = 3;
  // A job of up to so many lines is shown unfolded.
  private static final int OPEN_ALL = 80;

  private final boolean openAll;

  private HtmlTree(boolean openAll) {
    this.openAll = openAll;
  }

  /**
   * {@return the branches of the steps, in the steps' order} Steps without a process are left out.
   */
  static List<Branch> of(ReportView view) {
    Map<Integer, List<ReportView.Image>> byStep = new LinkedHashMap<>();
    view.steps().forEach(step -> byStep.put(step.id(), new ArrayList<>()));
    List<ReportView.Image> further = new ArrayList<>();
    for (ReportView.Image root : view.roots()) {
      byStep.getOrDefault(root.stepId(), further).add(root);
    }
    HtmlTree tree = new HtmlTree(view.totals().processes() <= OPEN_ALL);
    List<Branch> branches = new ArrayList<>();
    for (ReportView.Step step : view.steps()) {
      List<ReportView.Image> roots = byStep.getOrDefault(step.id(), List.of());
      if (!roots.isEmpty()) {
        branches.add(tree.branch(step.label(), step.result(), step.processes(), roots));
      }
    }
    if (!further.isEmpty()) {
      branches.add(tree.branch("further steps", null, further.size(), further));
    }
    return branches;
  }

  private Branch branch(
      String label, @Nullable String result, long processes, List<ReportView.Image> roots) {
    List<Node> nodes = nodes(roots, 0);
    boolean open = openAll || nodes.stream().anyMatch(Node::notable);
    return new Branch(label, result, processes, open, nodes);
  }

  private List<Node> nodes(List<ReportView.Image> processes, int depth) {
    Map<Alike, List<ReportView.Image>> alike = new LinkedHashMap<>();
    for (ReportView.Image process : processes) {
      alike.computeIfAbsent(Alike.of(process), key -> new ArrayList<>(1)).add(process);
    }
    List<Node> nodes = new ArrayList<>();
    for (List<ReportView.Image> group : alike.values()) {
      if (group.size() >= MIN_REPEATED) {
        long total = group.stream().mapToLong(each -> Math.max(0, each.durationNanos())).sum();
        nodes.add(new Node(group.get(0), group.size(), total, depth, false, List.of()));
      } else {
        group.forEach(each -> add(nodes, each, depth));
      }
    }
    return nodes;
  }

  private void add(List<Node> nodes, ReportView.Image process, int depth) {
    if (depth < MAX_DEPTH) {
      List<Node> children = nodes(process.children(), depth + 1);
      boolean open = !children.isEmpty() && (openAll || children.stream().anyMatch(Node::notable));
      nodes.add(new Node(process, 1, Math.max(0, process.durationNanos()), depth, open, children));
      return;
    }
    // Too deep to nest: the rest stands here, in order, each with its true depth.
    record Deep(ReportView.Image process, int depth) {}
    List<Deep> waiting = new ArrayList<>(List.of(new Deep(process, depth)));
    while (!waiting.isEmpty()) {
      Deep next = waiting.removeLast();
      nodes.add(
          new Node(
              next.process,
              1,
              Math.max(0, next.process.durationNanos()),
              next.depth,
              false,
              List.of()));
      for (ReportView.Image child : next.process.children().reversed()) {
        waiting.add(new Deep(child, next.depth + 1));
      }
    }
  }

  // Two processes that a reader would call the same: only those without a story of their own.
  private record Alike(long unique, String executable, String line, int user, int exitCode) {
    static Alike of(ReportView.Image process) {
      boolean plain = process.children().isEmpty() && !process.notable() && process.ended();
      return new Alike(
          plain ? 0 : process.execId(),
          process.executable(),
          process.line(),
          process.user(),
          process.exitCode());
    }
  }

  /** The processes of a step. */
  record Branch(
      String label, @Nullable String result, long processes, boolean open, List<Node> nodes) {}

  /**
   * A line of the tree.
   *
   * @param times how many processes it stands for
   * @param depth how deep it is, from 0; may be more than it is nested
   */
  record Node(
      ReportView.Image process,
      int times,
      long totalNanos,
      int depth,
      boolean open,
      List<Node> children) {

    boolean notable() {
      return open || process.notable();
    }

    boolean deeperThanShown() {
      return depth > MAX_DEPTH;
    }

    /** {@return the page's anchor for it} */
    String anchor() {
      return HtmlReport.anchor(process.execId());
    }

    /** {@return the arguments after the program's own name, in a length fit for one line} */
    String arguments() {
      List<String> arguments = process.arguments();
      if (arguments.size() < 2) {
        return process.argumentsCut() ? "…" : "";
      }
      String line = process.line();
      String first = Texts.commandLine(arguments.subList(0, 1));
      String rest = line.startsWith(first) ? line.substring(first.length()).strip() : line;
      return Texts.shorten(rest, 240) + (process.argumentsCut() ? " …" : "");
    }
  }
}
