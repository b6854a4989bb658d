package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The process that is the lab's internet: web servers on 443 and 80, echo on port 7, on every
 * address of the namespace it is started in.
 *
 * <p>{@code LabServer FOLDER}: reads one line, which says that certificates and site are in FOLDER;
 * prints {@code ready} once it listens and the DNS answers; ends when its standard input does, so
 * that it never outlives the process that started it.
 */
public final class LabServer {
  private LabServer() {}

  /**
   * Runs the servers.
   *
   * @param arguments the lab's folder
   * @throws Exception when a port cannot be listened on, or the DNS does not answer
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    AccessLog log = new AccessLog(folder);
    WebServer web = new WebServer(folder, log, new QueuedThreadPool(64));
    EchoServer.start(log);
    if (System.in.read() < 0) {
      return;
    }
    web.start();
    DnsReadiness.await();
    System.out.println("ready");
    System.out.flush();
    awaitEndOfInput();
    // Halt, not exit: connections that clients keep open are no reason to linger.
    Runtime.getRuntime().halt(0);
  }

  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // whatever is written means nothing; only the end does
    }
  }
}
