package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.ProcessNode;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;

/**
 * What the records of one process image share. Holds nothing of the {@link ProcessNode} itself, by
 * which it is weakly known.
 *
 * @param jobId the job it belongs to
 * @param stepId the step it belongs to
 * @param attributes its identity
 * @param span its span; that of the image it was copied from when it only forked
 * @param parent the span above
 */
record KnownProcess(
    long jobId, int stepId, Identity attributes, SpanContext span, SpanContext parent) {

  /** {@return the identity of an image} */
  static Identity identity(ProcessNode node) {
    ProcessNode.Image image = node.image();
    Identity.Builder builder = new Identity.Builder(9);
    builder.put(SemanticConventions.PROCESS_PID, node.pid());
    builder.put(SemanticConventions.PROCESS_PARENT_PID, node.parentPid());
    builder.put(SemanticConventions.PROCESS_CREATION_TIME, isoTime(node.startUnixNanos()));
    builder.put(SemanticConventions.PROCESS_EXECUTABLE_PATH, image.executable());
    builder.put(SemanticConventions.PROCESS_EXECUTABLE_NAME, image.name());
    builder.put(SemanticConventions.PROCESS_COMMAND_ARGS, image.arguments());
    builder.put(SemanticConventions.PROCESS_USER_ID, Integer.toUnsignedLong(image.userId()));
    if (!image.workingDirectory().isEmpty()) {
      builder.put(SemanticConventions.PROCESS_WORKING_DIRECTORY, image.workingDirectory());
    }
    builder.put(SemanticConventions.PROCESS_ANCESTORS, node.ancestors());
    return builder.build();
  }

  private static String isoTime(long unixNanos) {
    return Instant.ofEpochSecond(0, unixNanos).toString();
  }
}
