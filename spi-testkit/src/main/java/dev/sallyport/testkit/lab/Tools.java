package dev.sallyport.testkit.lab;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the machine's own tools: found once by name, never through a shell, never unbounded. */
final class Tools {
  static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SHOWN_OUTPUT_CHARS = 2_000;

  private Tools() {}

  /** Where a tool is; looks in the system folders too, which a plain user's PATH leaves out. */
  static Optional<Path> find(String name) {
    List<String> folders = new ArrayList<>();
    String path = System.getenv("PATH");
    if (path != null) {
      folders.addAll(List.of(path.split(File.pathSeparator, -1)));
    }
    folders.addAll(List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"));
    return folders.stream()
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The tool's path, for a command line. */
  static String path(String name) {
    return find(name)
        .orElseThrow(() -> new LabException("no " + name + " on this machine's PATH"))
        .toString();
  }

  /** Runs {@code tool} to its end and gives its output. Anything but exit 0 is a LabException. */
  static String run(Path folder, String tool, String... arguments) {
    return runWithInput(folder, "", tool, arguments);
  }

  /** Runs {@code tool} with {@code input} as its standard input. */
  static String runWithInput(Path folder, String input, String tool, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(path(tool));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    // The build around a test may set git's own variables; the lab's repository is none of theirs.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("LC_ALL", "C");
    try {
      Path output = Files.createTempFile(folder, "." + tool, ".out");
      try {
        Process process = builder.redirectOutput(output.toFile()).start();
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
          stdin.write(input);
        }
        boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.destroyForcibly();
        }
        String text = Files.readString(output);
        if (!ended || process.exitValue() != 0) {
          String how = ended ? "exit " + process.exitValue() : "no end within " + PATIENCE;
          throw new LabException(String.join(" ", command) + ": " + how + ": " + shown(text));
        }
        return text;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new LabException("running " + tool + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while running " + tool, e);
    }
  }

  /** The end of a tool's output, bounded, on one line. */
  static String shown(String output) {
    String text = output.strip();
    int from = Math.max(0, text.length() - SHOWN_OUTPUT_CHARS);
    return text.substring(from).replace('\n', ' ');
  }
}
