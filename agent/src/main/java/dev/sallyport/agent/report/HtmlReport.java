package dev.sallyport.agent.report;

import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.WriterOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes report.html: one file that needs nothing else, runs no script but its own and asks no
 * server for anything. The templates under src/main/jte escape every value.
 */
final class HtmlReport {

  private static final int MAX_NAMES = 6;
  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");

  private HtmlReport() {}

  /** Writes a page. The writer stays open. */
  @SuppressWarnings("NullAway") // no interceptor: templates compiled without html tags call none
  static void write(ReportView view, Writer out) throws IOException {
    Page page = new Page(view, Headline.of(view), HtmlTree.of(view));
    JtereportGenerated.render(new OwaspHtmlTemplateOutput(new WriterOutput(out)), null, page);
    out.flush();
  }

  /** {@return the page's anchor of a process image} */
  static String anchor(long execId) {
    return "p" + Long.toUnsignedString(execId, 16);
  }

  /** {@return the style class of a result: {@code success} is good, {@code failure} bad} */
  static String resultClass(String result) {
    return switch (result) {
      case "success" -> "good";
      case "failure", "error" -> "bad";
      default -> "look";
    };
  }

  /** {@return the processes by name, each name once with how many there were} */
  static List<Named> distinct(List<ReportView.Actor> actors) {
    Map<String, Named> byName = new LinkedHashMap<>();
    for (ReportView.Actor actor : actors) {
      byName.merge(
          actor.name(),
          new Named(actor, 1),
          (one, more) -> new Named(one.actor(), one.times() + 1));
    }
    return byName.values().stream().limit(MAX_NAMES).toList();
  }

  /** A process and how many others of its name did the same. */
  record Named(ReportView.Actor actor, int times) {}

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the agent's jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name + " from the agent's jar", e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What the templates are given. */
  record Page(ReportView view, Headline headline, List<HtmlTree.Branch> branches) {

    /** {@return what a browser may do with the page: apply its style, run its script, no more} */
    String contentSecurityPolicy() {
      return "default-src 'none'; style-src "
          + hash(STYLE)
          + "; script-src "
          + hash(SCRIPT)
          + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    String style() {
      return STYLE;
    }

    String script() {
      return SCRIPT;
    }

    /** {@return the state of the whole, as a class of the style sheet} */
    String level() {
      return switch (headline.level()) {
        case GOOD -> "good";
        case LOOK -> "look";
        case BAD -> "bad";
      };
    }

    String resultClass() {
      return HtmlReport.resultClass(view.job().result());
    }

    String resultWords() {
      String result = view.job().result();
      return result.equals(ReportView.RESULT_UNKNOWN) ? "end not seen" : result;
    }

    /** {@return results of connections other than that they were established} */
    Map<String, Long> remarkable(ReportView.Destination row) {
      Map<String, Long> results = new LinkedHashMap<>(row.results());
      results.remove("established");
      results.remove("sent");
      return results;
    }

    /** {@return whether a question had answers, and yet another code than all being well} */
    boolean answeredOddly(ReportView.Question row) {
      return row.codes().stream().anyMatch(code -> !code.equalsIgnoreCase("NOERROR"));
    }

    boolean severalSteps() {
      return view.steps().size() > 1 || view.steps().stream().anyMatch(step -> step.name() != null);
    }

    boolean hasVerdicts() {
      return view.destinations().stream().anyMatch(row -> !row.verdict().equals("observed"));
    }

    boolean hasSockets() {
      return !view.listening().isEmpty() || !view.accepted().isEmpty() || !view.raw().isEmpty();
    }

    /** {@return where a step's bar begins, in thousandths of the job} */
    long barStart(ReportView.Step step) {
      return thousandths(step.startNanos() - view.job().startNanos());
    }

    /** {@return how long a step's bar is; never invisible} */
    long barLength(ReportView.Step step) {
      return Math.clamp(thousandths(step.durationNanos()), 6, 1000);
    }

    private long thousandths(long nanos) {
      long whole = Math.max(1, view.job().durationNanos());
      return Math.clamp((long) (1000.0 * nanos / whole), 0, 994);
    }

    /** {@return the job's facts that are known, by what they are} */
    List<Map.Entry<String, String>> facts() {
      ReportView.Job job = view.job();
      List<Map.Entry<String, String>> facts = new ArrayList<>();
      fact(facts, "Repository", job.repository());
      fact(facts, "Workflow", job.workflow());
      fact(facts, "Ref", job.ref());
      String revision = job.revision();
      fact(facts, "Revision", revision == null ? null : Texts.shorten(revision, 12));
      fact(
          facts,
          "Run",
          job.runId() == null || job.runAttempt() < 2
              ? job.runId()
              : job.runId() + ", attempt " + job.runAttempt());
      fact(facts, "Runner", job.runner());
      fact(facts, "Started", job.startNanos() == 0 ? null : Units.dateTime(job.startNanos()));
      fact(facts, "Job id", job.id());
      return facts;
    }

    private static void fact(
        List<Map.Entry<String, String>> facts, String name, @Nullable String value) {
      if (value != null && !value.isEmpty()) {
        facts.add(Map.entry(name, value));
      }
    }

    /** {@return the address of the run's page, if it is one that may be linked to; else empty} */
    String runLink() {
      String url = view.job().runUrl();
      return url != null && (url.startsWith("https://") || url.startsWith("http://")) ? url : "";
    }
  }
}
