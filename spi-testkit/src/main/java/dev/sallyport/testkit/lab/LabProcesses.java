package dev.sallyport.testkit.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces and processes of one lab, from start to close.
 *
 * <p>Two children live as long as the lab: the servers, and the holder of the mount namespace that
 * jobs enter. Both end by themselves when this process does, since they read from it.
 */
final class LabProcesses {
  private final Namespace internet;
  private final Namespace runner;
  private final Path folder;
  private final Thread hook = new Thread(this::closeAtExit, "sallyport-lab-close");
  private final List<Process> children = new ArrayList<>();
  private final List<FutureTask<?>> tasks = new ArrayList<>();
  private @Nullable Process job;
  private Duration jobPatience = Duration.ZERO;
  private boolean closed;

  LabProcesses(LabId id) {
    internet = new Namespace(id + "-internet");
    runner = new Namespace(id + "-runner");
    folder = LabFiles.path(id);
  }

  Namespace internet() {
    return internet;
  }

  Namespace runner() {
    return runner;
  }

  synchronized void start(LabFiles files) throws IOException {
    Runtime.getRuntime().addShutdownHook(hook);
    FutureTask<?> certificates = aside(() -> Certificates.create(folder));
    FutureTask<?> site = aside(() -> Site.create(folder));
    Network.create(folder, internet, runner);
    Process servers = startServers();
    NameServer.start(folder, internet);
    files.writeRunner(runner, startHolder(files).pid());
    finish(certificates);
    finish(site);
    // The servers' Java has started meanwhile and waits for this.
    servers.outputWriter(StandardCharsets.UTF_8).append("serve\n").flush();
    awaitReady(servers, "servers");
  }

  synchronized void outlive(Process process, Duration patience) {
    job = process;
    jobPatience = patience;
  }

  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    removeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook finds the lab closed.
    }
  }

  private synchronized void closeAtExit() {
    if (closed) {
      return;
    }
    closed = true;
    if (job != null && job.isAlive()) {
      job.destroy();
      try {
        job.waitFor(jobPatience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    removeAll();
  }

  private void removeAll() {
    for (Process child : children) {
      child.destroyForcibly();
    }
    awaitTasks();
    runner.remove();
    internet.remove();
    try {
      LabFiles.delete(folder);
    } catch (IOException e) {
      throw new LabException("removing " + folder + ": " + e.getMessage(), e);
    }
  }

  /** After a failed start: what is still being written would come back after the deletion. */
  private void awaitTasks() {
    for (FutureTask<?> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException e) {
        // Its failure was, or is about to be, thrown by start.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Process startServers() throws IOException {
    return start(
        "servers",
        Tools.path("nsenter"),
        "--net=" + internet.path(),
        "--",
        JavaCommand.java(),
        "-Xshare:auto",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx96m",
        "--class-path",
        JavaCommand.classPath(),
        LabServer.class.getName(),
        folder.toString());
  }

  private Process startHolder(LabFiles files) throws IOException {
    Process holder =
        start(
            "holder",
            Tools.path("nsenter"),
            "--net=" + runner.path(),
            "--",
            Tools.path("unshare"),
            "--mount",
            // Mounts that the machine gets later are seen; the lab's own stay its own.
            "--propagation",
            "slave",
            "--",
            files.hold().toString());
    awaitReady(holder, "holder");
    return holder;
  }

  private Process start(String name, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve(name + ".log").toFile())
            .start();
    children.add(process);
    return process;
  }

  private void awaitReady(Process process, String name) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (!"ready".equals(line)) {
      throw new LabException(
          "the lab's %s did not start: %s"
              .formatted(name, Tools.shown(Files.readString(folder.resolve(name + ".log")))));
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private FutureTask<?> aside(Work work) {
    Callable<Boolean> call =
        () -> {
          work.run();
          return true;
        };
    FutureTask<Boolean> task = new FutureTask<>(call);
    tasks.add(task);
    Thread.ofPlatform().daemon().name("sallyport-lab-start").start(task);
    return task;
  }

  private static void finish(FutureTask<?> task) throws IOException {
    try {
      task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case LabException cause -> throw cause;
        case null, default -> throw new AssertionError(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while starting a lab", e);
    }
  }
}
