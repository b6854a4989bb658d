package dev.sallyport.agent.host;

import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeProvider;

/** A probe as found, or why what was found is none. Nothing of it has run in the kernel yet. */
public sealed interface ProbePlugin {

  /** {@return where it came from} */
  PluginSource source();

  /** A probe that told what it is. */
  record Found(PluginSource source, ProbeProvider provider, ProbeDescriptor descriptor)
      implements ProbePlugin {

    /** What a person can do about a probe that is wrong. */
    String remedy() {
      return source.path() == null
          ? "report it as a bug"
          : "remove %s or get a mended version".formatted(source);
    }
  }

  /**
   * Something that cannot be used.
   *
   * @param name the best name for it
   * @param reason why, with what would help, in one line
   */
  record Unusable(PluginSource source, String name, String reason) implements ProbePlugin {}
}
