package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.Loss;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a renderer shows: a finished, sorted picture of a {@link ReportModel}. Its texts are free of
 * what looks like a secret; whether invisible characters are spelled out in them depends on whom it
 * was made for. Escaping for the format remains the renderer's.
 */
record ReportView(
    Job job,
    Totals totals,
    List<Finding> findings,
    List<Step> steps,
    List<Image> roots,
    List<Destination> destinations,
    List<Question> questions,
    List<Socket> listening,
    List<Socket> accepted,
    List<Socket> raw,
    List<Other> others,
    List<Gap> gaps,
    List<Loss> losses,
    Map<String, Long> eventsByProbe,
    List<String> omissions) {

  /** The result of a job that was not seen to end. */
  static final String RESULT_UNKNOWN = "unknown";

  /** {@return whether every event that the kernel gave is in the report's counts} */
  boolean nothingLost() {
    return losses.isEmpty();
  }

  record Job(
      String id,
      @Nullable String repository,
      @Nullable String workflow,
      @Nullable String name,
      @Nullable String runId,
      int runAttempt,
      @Nullable String runUrl,
      @Nullable String ref,
      @Nullable String revision,
      @Nullable String runner,
      String result,
      long startNanos,
      long endNanos) {

    long durationNanos() {
      return endNanos - startNanos;
    }

    /** {@return what to call the job in a heading} */
    String title() {
      return name != null ? name : workflow != null ? workflow : "Job " + id;
    }
  }

  record Totals(
      long events,
      long processes,
      long failedProcesses,
      long destinations,
      long connections,
      long blocked,
      long wouldBlock,
      long questions,
      long findings,
      long gaps,
      long lost) {}

  /**
   * A step, or (id 0) what ran outside any.
   *
   * @param endNanos when it was last seen to do something, if its end was not seen
   */
  record Step(
      int id,
      String label,
      @Nullable String name,
      int index,
      @Nullable String result,
      long startNanos,
      long endNanos,
      long processes,
      long events) {

    long durationNanos() {
      return endNanos - startNanos;
    }
  }

  /** A process that did something, as others refer to it. */
  record Actor(long execId, int pid, String name, int stepId, String step) {}

  /** The processes and steps that did something; {@code more} when not all are named. */
  record Actors(List<Actor> processes, List<String> steps, boolean more) {}

  /** A destination that a process contacted, as its line in the tree shows it. */
  record Contact(String label, boolean refused) {}

  /**
   * A process image.
   *
   * @param name the executable's file name
   * @param line the command line, quoted
   * @param durationNanos −1 while it runs
   * @param exitCode −1 while it runs, or when it went on as another image
   * @param replaced whether it went on as another image
   * @param replaces whether it is the image that another went on as
   */
  record Image(
      long execId,
      long parentExecId,
      int pid,
      int parentPid,
      int stepId,
      String name,
      String executable,
      List<String> arguments,
      boolean argumentsCut,
      String line,
      String directory,
      int user,
      int group,
      boolean forked,
      long startNanos,
      long durationNanos,
      int exitCode,
      int signal,
      boolean replaced,
      boolean replaces,
      List<String> flags,
      List<Contact> contacts,
      int findings,
      List<Image> children) {

    boolean ended() {
      return durationNanos >= 0;
    }

    boolean failed() {
      return signal > 0 || exitCode > 0;
    }

    /** {@return whether it deserves a look: anything beyond having run} */
    boolean notable() {
      return findings > 0 || !contacts.isEmpty() || !flags.isEmpty() || signal > 0;
    }
  }

  /**
   * A destination.
   *
   * @param name the name it was learned by or, when {@code named} is false, its address
   * @param verdict the gravest of the verdicts; {@code observed} when there was no policy
   */
  record Destination(
      String name,
      boolean named,
      int port,
      String transport,
      String verdict,
      Map<String, Long> verdicts,
      List<String> rules,
      List<String> addresses,
      List<String> serverNames,
      List<String> alpn,
      Map<String, Long> results,
      long connections,
      long processes,
      long sent,
      long received,
      long hellosWithoutName,
      long firstNanos,
      long lastNanos,
      Actors actors) {

    /** {@return name and port as people write them} */
    String label() {
      return SeenSockets.endpoint(name, port);
    }

    boolean refused() {
      return verdict.equals("blocked") || verdict.equals("would_block");
    }

    /** {@return server names that say more than the name itself} */
    List<String> otherServerNames() {
      return serverNames.stream().filter(each -> !each.equalsIgnoreCase(name)).toList();
    }
  }

  record Question(
      String name,
      String type,
      long count,
      List<String> answers,
      List<String> codes,
      List<String> resolvers,
      String verdict,
      long firstNanos,
      Actors actors) {}

  /**
   * A socket other than an outgoing connection. Listening and accepted: transport, local end,
   * peer's address; raw: family, type, protocol.
   */
  record Socket(
      String first, String second, String third, long count, long firstNanos, Actors actors) {}

  record Finding(
      String rule,
      String category,
      String severity,
      long nanos,
      List<String> evidence,
      Map<String, String> attributes,
      @Nullable Actor actor,
      String step) {}

  record Example(
      long nanos,
      String severity,
      Map<String, String> attributes,
      @Nullable Actor actor,
      String step) {}

  record Other(String name, String probe, long count, List<Example> examples) {}

  record Gap(String probe, String reason, long sinceNanos) {}
}
