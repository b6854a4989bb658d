package dev.sallyport.bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured, as a table. */
final class Results {

  private static final List<String> TITLES =
      List.of("benchmark", "measure", "result", "target", "met");

  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Results() {}

  /** Adds a measure without a target. */
  void add(String benchmark, String measure, String result) {
    rows.add(List.of(benchmark, measure, result, "", ""));
  }

  /** Adds a measure with its target. */
  void add(String benchmark, String measure, String result, String target, boolean met) {
    rows.add(List.of(benchmark, measure, result, target, met ? "yes" : "NO"));
  }

  /** Adds a sentence that stands below the table. */
  void note(String benchmark, String sentence) {
    notes.add(benchmark + ": " + sentence);
  }

  /** {@return the table in Markdown, aligned, the notes below} */
  String markdown() {
    List<List<String>> all = new ArrayList<>();
    all.add(TITLES);
    all.addAll(rows);
    int[] widths = new int[TITLES.size()];
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < all.size(); r++) {
      line(text, all.get(r), widths);
      if (r == 0) {
        for (int width : widths) {
          text.append("|").append("-".repeat(width + 2));
        }
        text.append("|\n");
      }
    }
    text.append('\n');
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      text.append("| ").append(cells.get(i));
      text.append(" ".repeat(widths[i] - cells.get(i).length() + 1));
    }
    text.append("|\n");
  }
}
