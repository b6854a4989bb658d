package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one lab.
 *
 * @param folder below the machine's folder for temporary files, readable to all, writable to root
 */
record LabFiles(Path folder) {
  static LabFiles create(LabId id) throws IOException {
    Path folder = path(id);
    // Fails when it is there: nobody else can have prepared it for us.
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    LabFiles files = new LabFiles(folder);
    files.writeConfiguration();
    Site.copy("enter", files.enter());
    Site.copy("hold", files.hold());
    return files;
  }

  static Path path(LabId id) {
    return Tools.TEMPORARY.resolve(id.toString());
  }

  Path enter() {
    return folder.resolve("enter");
  }

  /** The script that makes the mounts of the runner's mount namespace and keeps it open. */
  Path hold() {
    return folder.resolve("hold");
  }

  Path authority() {
    return folder.resolve(Certificates.AUTHORITY);
  }

  /** Tells the enter script where jobs run. */
  void writeRunner(Namespace network, long holder) throws IOException {
    Files.writeString(
        folder.resolve("runner"), network.path() + "\n" + "/proc/" + holder + "/ns/mnt\n");
  }

  /** What jobs find in /etc in place of the machine's own. */
  private void writeConfiguration() throws IOException {
    Path etc = Files.createDirectory(folder.resolve("etc"));
    Files.writeString(
        etc.resolve("resolv.conf"),
        "nameserver " + LabHost.RESOLVER.v4() + "\noptions timeout:2 attempts:2\n");
    Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost\n");
    // A resolver service of the machine would answer from the machine's network, not the lab's.
    Path switches = Path.of("/etc/nsswitch.conf");
    List<String> lines = Files.exists(switches) ? Files.readAllLines(switches) : List.of();
    Files.write(
        etc.resolve("nsswitch.conf"),
        Stream.concat(
                lines.stream().filter(line -> !line.stripLeading().startsWith("hosts:")),
                Stream.of("hosts: files dns"))
            .toList());
  }

  static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) { // does not follow links
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
