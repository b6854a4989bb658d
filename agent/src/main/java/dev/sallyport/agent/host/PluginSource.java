package dev.sallyport.agent.host;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a plugin came from.
 *
 * @param path the jar or directory it was dropped in as; null for one that ships with the agent
 */
public record PluginSource(@Nullable Path path) {

  /** Ships with the agent. */
  public static final PluginSource BUILT_IN = new PluginSource(null);

  @Override
  public String toString() {
    return path == null ? "built in" : path.toString();
  }
}
