package dev.sallyport.agent.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The report in a sentence or two: what the first look must tell.
 *
 * @param level how calm one may be
 * @param title the sentence
 * @param details further sentences
 */
record Headline(Level level, String title, List<String> details) {

  /** How calm one may be. */
  enum Level {
    GOOD,
    LOOK,
    BAD
  }

  static Headline of(ReportView view) {
    ReportView.Totals totals = view.totals();
    List<String> details = new ArrayList<>();
    Level level = Level.GOOD;
    String title;
    if (totals.findings() > 0) {
      level =
          view.findings().stream().anyMatch(finding -> finding.severity().equals("error"))
              ? Level.BAD
              : Level.LOOK;
      title = Texts.count(totals.findings(), "finding needs", "findings need") + " a look";
    } else if (totals.events() == 0) {
      level = Level.LOOK;
      title = "No event of this job was observed";
    } else if (totals.blocked() + totals.wouldBlock() > 0) {
      level = Level.LOOK;
      title =
          totals.blocked() > 0
              ? Texts.count(totals.blocked(), "connection was blocked", "connections were blocked")
              : Texts.count(
                  totals.wouldBlock(),
                  "connection would have been blocked",
                  "connections would have been blocked");
    } else {
      title = "No findings";
    }
    details.add(activity(totals));
    if (level == Level.GOOD && !underPolicy(view)) {
      details.add("No policy was in force.");
    }
    if (totals.lost() > 0) {
      level = level == Level.GOOD ? Level.LOOK : level;
      details.add(
          Texts.count(totals.lost(), "event was lost", "events were lost")
              + ": this report is not complete.");
    } else if (totals.events() > 0) {
      details.add("Nothing was lost.");
    }
    if (totals.gaps() > 0) {
      level = level == Level.GOOD ? Level.LOOK : level;
      details.add(
          Texts.count(totals.gaps(), "coverage gap: part", "coverage gaps: parts")
              + " of the job may not have been seen.");
    }
    return new Headline(level, title, details);
  }

  private static boolean underPolicy(ReportView view) {
    return view.destinations().stream()
        .anyMatch(destination -> !destination.verdict().equals("observed"));
  }

  private static String activity(ReportView.Totals totals) {
    String processes = Texts.count(totals.processes(), "process", "processes");
    if (totals.destinations() == 0) {
      return processes + ", no outbound connection.";
    }
    return processes
        + " made "
        + Texts.count(totals.connections(), "connection", "connections")
        + " to "
        + Texts.count(totals.destinations(), "destination", "destinations")
        + ".";
  }
}
