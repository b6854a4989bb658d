package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.JobContext;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;

/**
 * Trace and span ids from the kernel's numbers: the same event gives the same ids however often it
 * is told, and from whichever process. Mixed, for backends that sample or shard by their bits.
 */
final class TraceIds {

  // Odd constants without meaning but that they differ.
  private static final long HIGH = 0x9e3779b97f4a7c15L;
  private static final long LOW = 0xc2b2ae3d27d4eb4fL;
  private static final long JOB = 0x165667b19e3779f9L;
  private static final long STEP = 0x27d4eb2f165667c5L;
  private static final long PROCESS = 0x85ebca77c2b2ae63L;

  private TraceIds() {}

  static String traceId(JobContext job) {
    return TraceId.fromLongs(mix(job.id() ^ HIGH), mix(job.id() ^ LOW));
  }

  static SpanContext job(JobContext job, String traceId) {
    return context(traceId, mix(job.id() ^ JOB));
  }

  static SpanContext step(JobContext job, String traceId, int stepId) {
    return context(traceId, mix(mix(job.id() ^ STEP) + stepId));
  }

  static SpanContext process(JobContext job, String traceId, long execId) {
    return context(traceId, mix(mix(job.id() ^ PROCESS) + execId));
  }

  private static SpanContext context(String traceId, long spanId) {
    return SpanContext.create(
        traceId, SpanId.fromLong(spanId), TraceFlags.getSampled(), TraceState.getDefault());
  }

  /** A bijection with good avalanche (SplitMix64's finaliser), but for zero, which ids forbid. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z ^= z >>> 31;
    return z == 0 ? HIGH : z;
  }
}
