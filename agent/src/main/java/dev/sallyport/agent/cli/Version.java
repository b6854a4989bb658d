package dev.sallyport.agent.cli;

import picocli.CommandLine.IVersionProvider;

/** The version as the module was built with. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"sallyport " + text()};
  }

  static String text() {
    return Version.class.getModule().getDescriptor() == null
        ? "development"
        : Version.class.getModule().getDescriptor().rawVersion().orElse("development");
  }
}
