package dev.sallyport.agent.report;

/**
 * How much of a job the report keeps in memory. What goes beyond is counted, and the report says
 * so.
 *
 * @param processes process images kept one by one
 * @param processText characters of executables, arguments and directories kept, over all images
 * @param destinations destinations kept one by one
 * @param queries DNS questions kept one by one
 * @param sockets listening, accepted and raw sockets kept, each kind for itself
 * @param findings findings kept with their evidence
 * @param steps steps kept one by one
 * @param others names of other events kept, each with a few examples
 * @param gaps coverage gaps kept
 * @param valueChars characters kept of a single value
 */
public record Limits(
    int processes,
    long processText,
    int destinations,
    int queries,
    int sockets,
    int findings,
    int steps,
    int others,
    int gaps,
    int valueChars) {

  /** What fits well into the agent's heap: some 40 MB when every limit is reached. */
  public static final Limits DEFAULT =
      new Limits(20_000, 12_000_000L, 5_000, 5_000, 1_000, 1_000, 1_000, 100, 200, 4_096);
}
