package dev.sallyport.agent.kernel;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;

/**
 * Signals that the agent gets.
 *
 * <p>{@code sun.misc.Signal} (module jdk.unsupported) is the JDK's only way to catch one without
 * ending. It is called by reflection, because javac warns of any use of it and offers no way to say
 * that it is meant.
 */
public final class Signals {

  /** The terminal went away. */
  public static final int HUP = 1;

  /** The interrupt key. */
  public static final int INT = 2;

  /** An orderly request to end. */
  public static final int TERM = 15;

  private Signals() {}

  /**
   * Calls something, on a thread of the JVM's, in place of ending.
   *
   * @param number one of this class's constants
   */
  public static void handle(int number, Runnable handler) {
    String name =
        switch (number) {
          case HUP -> "HUP";
          case INT -> "INT";
          case TERM -> "TERM";
          default -> throw new IllegalArgumentException("signal " + number);
        };
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Constructor<?> named = signal.getConstructor(String.class);
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  handler.run();
                }
                return null;
              });
      signal.getMethod("handle", signal, handlerType).invoke(null, named.newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK lets nobody catch signal " + name, e);
    }
  }
}
