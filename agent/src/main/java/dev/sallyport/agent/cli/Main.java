package dev.sallyport.agent.cli;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code sallyport} command. */
@Command(
    name = "sallyport",
    description = "Runtime security for CI jobs.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    subcommands = {RunCommand.class, DoctorCommand.class, PluginsCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

  /** The command line was wrong, as sysexits.h has it. */
  static final int USAGE = 64;

  /** A file given was wrong. */
  static final int BAD_FILE = 65;

  private Main() {}

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(execute(System.err, arguments));
  }

  static int execute(PrintStream terminal, String... arguments) {
    CommandLine commandLine = new CommandLine(new Main());
    // CMD's own options are CMD's: what follows the first word that is no option is left alone.
    commandLine.setStopAtPositional(true);
    commandLine.setParameterExceptionHandler((problem, words) -> explain(terminal, problem));
    return commandLine.execute(arguments);
  }

  @Override
  public void run() {
    new CommandLine(this).usage(System.out);
  }

  private static int explain(PrintStream terminal, ParameterException problem) {
    String command = problem.getCommandLine().getCommandSpec().qualifiedName();
    String reason =
        problem instanceof UnmatchedArgumentException unmatched
            ? "unknown argument " + String.join(" ", unmatched.getUnmatched())
            : String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
    terminal.printf("%s: %s; see %s --help%n", command, reason, command);
    return USAGE;
  }
}
