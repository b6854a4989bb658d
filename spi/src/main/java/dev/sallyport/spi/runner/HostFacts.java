package dev.sallyport.spi.runner;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What an adapter may look at to tell what kind of host it is on. */
public interface HostFacts {

  /** {@return a variable of the agent's own environment, null when unset} */
  @Nullable String environment(String name);

  /** {@return the root of the host's files: {@code /}, or where a container has it mounted} */
  Path root();
}
