package dev.sallyport.agent.host;

import java.util.ServiceConfigurationError;

/**
 * What a plugin threw, in words.
 *
 * <p>A plugin may throw anything: an assertion's error, a checked exception thrown by stealth. All
 * of it ends that plugin and nothing else, but for what says that the JVM itself is at its end.
 */
final class PluginFault {

  private static final int MAX_TEXT = 300;

  private PluginFault() {}

  /**
   * {@return the first line of what was thrown, bounded and without control characters}
   *
   * @throws VirtualMachineError the problem itself, when it is no plugin's alone
   */
  static String of(Throwable problem) {
    if (problem instanceof VirtualMachineError fatal && !(problem instanceof StackOverflowError)) {
      throw fatal;
    }
    Throwable cause = problem;
    while (cause instanceof ServiceConfigurationError && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return text(cause);
  }

  /** {@return whether it says that the plugin's classes and the host's do not fit together} */
  static boolean isMisfit(Throwable problem) {
    return problem instanceof IncompatibleClassChangeError
        || problem instanceof NoClassDefFoundError;
  }

  private static String text(Throwable problem) {
    String text;
    try {
      text = problem.toString();
    } catch (RuntimeException e) { // the exception's class is the plugin's too
      text = problem.getClass().getName();
    }
    return oneLine(text);
  }

  /** {@return the first line of a text that a plugin gave, bounded, without control characters} */
  static String oneLine(String text) {
    String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…";
  }
}
