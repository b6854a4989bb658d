package dev.sallyport.testkit;

import java.util.List;

/**
 * What came of a command that ran as a job.
 *
 * @param exitStatus as a shell gives it: 128 + n for signal n
 * @param events all of the job's events in order, the core's and the agent's included
 * @param counts what each probe's event types came to
 * @param losses what else was lost, and why; empty when nothing was
 */
public record Observed(
    int exitStatus, List<SeenEvent> events, List<Count> counts, List<Loss> losses) {

  private static final String GAP = "sallyport.coverage.gap";

  /**
   * The records of one event type. {@code generated = delivered + lost}.
   *
   * @param generated records that the kernel's programs wanted to write
   * @param lost those for which the ring had no room
   * @param delivered those that reached the decoder
   */
  public record Count(String probe, String event, long generated, long lost, long delivered) {}

  /** Something lost elsewhere than in the ring: a fault counter, malformed records. */
  public record Loss(String probe, String reason, long count) {}

  /**
   * Something that was not seen.
   *
   * @param probe the probe's id, or the file's name when it is not known
   */
  public record Gap(String probe, String reason) {}

  /** {@return the events of a name} */
  public List<SeenEvent> events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  /** {@return the coverage gaps that the job was told of, in order} */
  public List<Gap> gaps() {
    return events(GAP).stream()
        .map(event ->
            new Gap(
                String.valueOf(event.attributes().get("sallyport.probe")),
                String.valueOf(event.attributes().get("sallyport.gap.reason"))))
        .toList();
  }

  /** {@return the counts of a probe's event type; all 0 when the probe did not run} */
  public Count count(String probe, String event) {
    return counts.stream()
        .filter(count -> count.probe().equals(probe) && count.event().equals(event))
        .findFirst()
        .orElse(new Count(probe, event, 0, 0, 0));
  }
}
