package dev.sallyport.agent.export;

import java.util.Locale;

/** The three kinds of OTLP request. */
enum Signal {
  LOGS("opentelemetry.proto.collector.logs.v1.LogsService/Export", "*", 80),
  TRACES("opentelemetry.proto.collector.trace.v1.TraceService/Export", "span", 15),
  METRICS("opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "metric", 5);

  private final String method;
  private final String lossName;
  private final int diskShare;

  Signal(String method, String lossName, int diskShare) {
    this.method = method;
    this.lossName = lossName;
    this.diskShare = diskShare;
  }

  /** {@return the full name of the gRPC method} */
  String method() {
    return method;
  }

  /** {@return what is lost with a request, as {@code Loss.event()} names it} */
  String lossName() {
    return lossName;
  }

  /** {@return its share of the disk, in percent} */
  int diskShare() {
    return diskShare;
  }

  /** {@return the name in {@code OTEL_EXPORTER_OTLP_<NAME>_…}} */
  String variable() {
    return name();
  }

  /** {@return the name of its folder on disk} */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
