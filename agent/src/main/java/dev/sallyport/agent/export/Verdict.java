package dev.sallyport.agent.export;

import io.grpc.Status;

/** What a receiver's answer means for the request. */
enum Verdict {
  /** The receiver has it. */
  DELIVERED,
  /** Sent again until it is taken. */
  LATER,
  /** Sent again a number of times: the request itself may be what the receiver cannot bear. */
  STUBBORN,
  /** The receiver will never take it. */
  REFUSED;

  /**
   * Judges by the OTLP specification's table, with one difference: missing or refused credentials
   * are a matter of configuration that a person can mend, so that those requests are kept.
   */
  static Verdict of(Status status) {
    return switch (status.getCode()) {
      case OK -> DELIVERED;
      case CANCELLED,
          DEADLINE_EXCEEDED,
          ABORTED,
          OUT_OF_RANGE,
          UNAVAILABLE,
          DATA_LOSS,
          UNAUTHENTICATED,
          PERMISSION_DENIED ->
          LATER;
      case UNKNOWN, INTERNAL, RESOURCE_EXHAUSTED -> STUBBORN;
      case INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, UNIMPLEMENTED ->
          REFUSED;
    };
  }
}
