package dev.sallyport.agent.pipeline;

/**
 * Something that was lost, and how often.
 *
 * @param probe the probe's id, or {@code agent} for what the agent itself lost
 * @param event the event type, or {@code *} where one cannot tell
 * @param reason where it was lost: {@code ring}, {@code malformed}, {@code export-queue}, {@code
 *     disk}, {@code refused} (by the receiver), {@code events-file}, {@code fault: …}
 * @param count how many
 */
public record Loss(String probe, String event, String reason, long count) {}
