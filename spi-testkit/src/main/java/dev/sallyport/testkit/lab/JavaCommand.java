package dev.sallyport.testkit.lab;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How to start another Java like this one. */
final class JavaCommand {
  private JavaCommand() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Everything that this process can load, as a class path: shorter to start than modules, and
   * right whether this process has its classes from one or the other. Absolute, for the other Java
   * works in another folder.
   */
  static String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : split(System.getProperty("jdk.module.path"))) {
      Path path = Path.of(entry);
      boolean jars = Files.isDirectory(path) && !Files.exists(path.resolve("module-info.class"));
      entries.add(jars ? entry + "/*" : entry);
    }
    entries.addAll(split(System.getProperty("java.class.path")));
    return String.join(File.pathSeparator, entries);
  }

  private static List<String> split(@Nullable String path) {
    return path == null
        ? List.of()
        : Stream.of(path.split(File.pathSeparator, -1))
            .filter(entry -> !entry.isBlank())
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList();
  }
}
