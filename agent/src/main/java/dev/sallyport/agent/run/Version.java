package dev.sallyport.agent.run;

/** The version that this agent was built as. */
public final class Version {

  private Version() {}

  /** {@return the version, as the build wrote it into the module} */
  public static String text() {
    ModuleLayer layer = Version.class.getModule().getLayer();
    return layer == null
        ? "development"
        : Version.class.getModule().getDescriptor().rawVersion().orElse("development");
  }
}
