/** OpenTelemetry out: logs, traces, metrics over OTLP/gRPC, with a bounded disk-backed queue. */
@NullMarked
package dev.sallyport.agent.export;

import org.jspecify.annotations.NullMarked;
