package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Runs a command beside a lab: {@code LabMain [--arrivals] -- COMMAND [ARGUMENT…]}.
 *
 * <p>COMMAND runs on the machine itself, with {@link Lab#environment()} exported; every argument
 * that is exactly {@code {enter}} becomes the path of the script that runs its own arguments inside
 * the lab, which is also in SALLYPORT_LAB_ENTER. With {@code --arrivals} a few lines at the end say
 * what reached the lab's servers.
 *
 * <p>Exit status: COMMAND's own; 64 for a usage error, 69 where the machine cannot have a lab, 127
 * when COMMAND could not be started.
 */
public final class LabMain {
  private static final String USAGE = "usage: LabMain [--arrivals] -- COMMAND [ARGUMENT...]";
  private static final String ENTER = "{enter}";

  /** How long a command may take to end after the lab was told to. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private LabMain() {}

  /**
   * Runs the command and ends the process with its status.
   *
   * @param arguments as said above
   */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    int end = arguments.indexOf("--");
    List<String> options = arguments.subList(0, Math.max(end, 0));
    if (end < 0 || end == arguments.size() - 1 || !List.of("--arrivals").containsAll(options)) {
      System.err.println(USAGE);
      return 64;
    }
    List<String> missing = Lab.requirements();
    if (!missing.isEmpty()) {
      missing.forEach(System.err::println);
      return 69;
    }
    try (Lab lab = Lab.start()) {
      int status = run(lab, arguments.subList(end + 1, arguments.size()));
      if (!options.isEmpty()) {
        Arrivals.of(lab).forEach(System.out::println);
      }
      return status;
    } catch (LabException e) {
      System.err.println("sallyport-lab: " + e.getMessage());
      return 69;
    }
  }

  private static int run(Lab lab, List<String> command) {
    List<String> expanded =
        command.stream()
            .map(argument -> argument.equals(ENTER) ? lab.enterScript().toString() : argument)
            .toList();
    ProcessBuilder builder = new ProcessBuilder(expanded).inheritIO();
    builder.environment().putAll(lab.environment());
    try {
      Process process = builder.start();
      lab.outlive(process, PATIENCE);
      return process.waitFor();
    } catch (IOException e) {
      System.err.println("sallyport-lab: " + e.getMessage());
      return 127;
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the main thread", e);
    }
  }
}
