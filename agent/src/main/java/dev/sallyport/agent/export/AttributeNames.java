package dev.sallyport.agent.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attribute keys by name, made once: a key caches its own encoding. One thread.
 *
 * <p>The names of the identity are reserved: a plugin's event cannot pass for another job or
 * process.
 */
final class AttributeNames {

  // A plugin that makes up names as it goes must not fill the heap.
  private static final int MAX_CACHED = 4096;

  private static final Set<String> RESERVED =
      Set.of(
          SemanticConventions.TASK_NAME.getKey(),
          SemanticConventions.TASK_RUN_ID.getKey(),
          SemanticConventions.JOB_ID.getKey(),
          SemanticConventions.RUN_ATTEMPT.getKey(),
          SemanticConventions.STEP_ID.getKey(),
          SemanticConventions.STEP_NAME.getKey(),
          SemanticConventions.STEP_INDEX.getKey(),
          SemanticConventions.SEQUENCE.getKey(),
          SemanticConventions.PROCESS_PID.getKey(),
          SemanticConventions.PROCESS_PARENT_PID.getKey(),
          SemanticConventions.PROCESS_CREATION_TIME.getKey(),
          SemanticConventions.PROCESS_EXECUTABLE_PATH.getKey(),
          SemanticConventions.PROCESS_EXECUTABLE_NAME.getKey(),
          SemanticConventions.PROCESS_COMMAND_ARGS.getKey(),
          SemanticConventions.PROCESS_USER_ID.getKey(),
          SemanticConventions.PROCESS_WORKING_DIRECTORY.getKey(),
          SemanticConventions.PROCESS_ANCESTORS.getKey());

  private final Map<String, AttributeKey<?>> texts = new HashMap<>();
  private final Map<String, AttributeKey<?>> numbers = new HashMap<>();
  private final Map<String, AttributeKey<?>> truths = new HashMap<>();
  private final Map<String, AttributeKey<?>> lists = new HashMap<>();

  /** {@return the key of a name, null when the name is the identity's or empty} */
  @Nullable AttributeKey<?> key(String name, AttributeType type) {
    Map<String, AttributeKey<?>> cache =
        switch (type) {
          case STRING -> texts;
          case LONG -> numbers;
          case BOOLEAN -> truths;
          default -> lists;
        };
    AttributeKey<?> known = cache.get(name);
    return known != null ? known : make(name, type, cache);
  }

  private static @Nullable AttributeKey<?> make(
      String name, AttributeType type, Map<String, AttributeKey<?>> cache) {
    if (name.isEmpty() || RESERVED.contains(name)) {
      return null;
    }
    AttributeKey<?> key =
        switch (type) {
          case STRING -> AttributeKey.stringKey(name);
          case LONG -> AttributeKey.longKey(name);
          case BOOLEAN -> AttributeKey.booleanKey(name);
          default -> AttributeKey.stringArrayKey(name);
        };
    if (cache.size() < MAX_CACHED) {
      cache.put(name, key);
    }
    return key;
  }
}
