package dev.sallyport.agent.host;

import java.util.List;

/** How a probe is doing. */
public sealed interface ProbeState {

  /**
   * It observes.
   *
   * @param notSeen what it cannot see on this kernel, each with the reason; empty when it sees all
   */
  record Running(List<String> notSeen) implements ProbeState {}

  /** It was not started. */
  record Refused(String reason) implements ProbeState {}

  /** It was stopped because of a bug in it; its hooks are detached. */
  record Quarantined(String reason) implements ProbeState {}
}
