package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A named network namespace, kept open by its entry in /run/netns.
 *
 * @param name of the entry
 */
record Namespace(String name) {
  static final Path FOLDER = Path.of("/run/netns");

  /** Rounds of looking for processes and ending them; a fork bomb is not the lab's business. */
  private static final int ROUNDS = 50;

  Path path() {
    return FOLDER.resolve(name);
  }

  void create(Path folder) {
    Tools.run(folder, "ip", "netns", "add", name);
  }

  /** Runs {@code ip} commands in this namespace, one a line. */
  void configure(Path folder, String commands) {
    Tools.runWithInput(folder, commands, "ip", "-netns", name, "-batch", "-");
  }

  /** Ends every process that is in this namespace, whoever started it, then removes the entry. */
  void remove() {
    if (!Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    endProcesses();
    try {
      Tools.run(Tools.TEMPORARY, "ip", "netns", "delete", name);
    } catch (LabException e) {
      // Another lab's sweep may have been faster; anything else is worth knowing.
      if (Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  /** The processes that are in this namespace now. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> found = new ArrayList<>();
    try {
      String wanted = "net:[" + Files.getAttribute(path(), "unix:ino") + "]";
      try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (Path process : all) {
          if (isIn(process, wanted)) {
            ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                .ifPresent(found::add);
          }
        }
      }
    } catch (IOException e) {
      return List.of(); // the entry is gone, and with it the way to its processes
    }
    return found;
  }

  private void endProcesses() {
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessHandle> living = processes();
      if (living.isEmpty()) {
        return;
      }
      for (ProcessHandle process : living) {
        process.destroyForcibly();
      }
      for (ProcessHandle process : living) {
        awaitEnd(process);
      }
    }
    throw new LabException("processes in " + name + " do not end: " + processes());
  }

  // Short: a dead child of someone else stays a zombie until that someone looks.
  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(200, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The next round looks at it again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isIn(Path process, String namespace) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/net")).toString().equals(namespace);
    } catch (IOException e) {
      return false; // ended meanwhile
    }
  }
}
