package dev.sallyport.spi.event;

/** How grave an event is, as OpenTelemetry's severity numbers rank it. */
public enum Severity {
  /** An observation. */
  INFO,
  /** Someone should look at it. */
  WARN,
  /** Someone must act on it. */
  ERROR
}
