package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Clients that no machine has installed, built from source where the machine has the compiler. */
public final class LabClients {
  /** The first build compiles Go's standard library, on however little machine there is. */
  private static final long PATIENCE_MINUTES = 5;

  private LabClients() {}

  /** Whether a client could be built. */
  public sealed interface Client {
    /**
     * It was.
     *
     * @param program the executable
     */
    record Built(Path program) implements Client {}

    /**
     * It was not.
     *
     * @param why a sentence, for a test's assumption
     */
    record Unavailable(String why) implements Client {}
  }

  /**
   * Builds an HTTPS client in Go, statically linked, with Go's own resolver and TLS: {@code get
   * [-http2=false] [-method M] [-body TEXT] [-repeat N] URL} prints a line such as {@code HTTP/2.0
   * 200} for each answer. Needs no network. Blocks until the compiler ends.
   *
   * @param folder an existing folder for the source and the executable
   * @return the client, or why there is none
   */
  public static Client go(Path folder) {
    Optional<Path> compiler = Tools.find("go").or(LabClients::golangOrg);
    if (compiler.isEmpty()) {
      return new Client.Unavailable("There is no go on this machine: apt-get install golang-go.");
    }
    Path source = folder.resolve("get.go");
    Path program = folder.resolve("get");
    Path output = folder.resolve("go-build.log");
    try {
      if (!Files.exists(source)) {
        Site.copy("clients/get.go", source);
      }
      ProcessBuilder builder =
          new ProcessBuilder(
                  List.of(compiler.get().toString(), "build", "-o", program.toString(), "get.go"))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("CGO_ENABLED", "0");
      builder.environment().put("GO111MODULE", "off");
      builder.environment().put("GOFLAGS", "");
      builder.environment().put("GOTOOLCHAIN", "local");
      if (System.getenv("HOME") == null && System.getenv("GOCACHE") == null) {
        builder.environment().put("GOCACHE", folder.resolve("go-cache").toString());
      }
      Process build = builder.start();
      if (!build.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        build.destroyForcibly();
        return new Client.Unavailable("go build did not end in " + PATIENCE_MINUTES + " minutes.");
      }
      return build.exitValue() == 0
          ? new Client.Built(program)
          : new Client.Unavailable("go build: " + Tools.shown(Files.readString(output)));
    } catch (IOException e) {
      return new Client.Unavailable("go build: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Client.Unavailable("Interrupted while go was building.");
    }
  }

  /** Where Go's own installer puts it, which is on few root users' PATH. */
  private static Optional<Path> golangOrg() {
    return Optional.of(Path.of("/usr/local/go/bin/go")).filter(Files::isExecutable);
  }
}
