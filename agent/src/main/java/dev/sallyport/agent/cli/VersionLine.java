package dev.sallyport.agent.cli;

import dev.sallyport.agent.run.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionLine implements IVersionProvider {

  VersionLine() {}

  @Override
  public String[] getVersion() {
    return new String[] {"sallyport " + Version.text()};
  }
}
