package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.spi.SpiVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Builds a plugin with javac, jar and clang, as an outsider would. */
final class PluginBuilder {

  private static final List<String> HEADERS = List.of("sallyport.bpf.h", "sallyport_kernel.h");

  private final Path work;
  private String modulePath = System.getProperty("jdk.module.path");

  PluginBuilder(Path work) throws IOException {
    this.work = Files.createTempDirectory(work, "plugin");
  }

  /** Adds a Java source; its path follows from its first lines. */
  PluginBuilder java(String source) throws IOException {
    Path file =
        source.contains("module ") && !source.contains("class ")
            ? Path.of("module-info.java")
            : Path.of(word(source, "package ").replace('.', '/'), word(source, "class ") + ".java");
    write("src/" + file, source);
    return this;
  }

  /** Adds a compiled BPF object; skips the test where there is no clang. */
  PluginBuilder bpf(String name, String source) throws Exception {
    String clang = clang();
    Path include = headers();
    Path c = write("bpf/" + name + ".bpf.c", source);
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    Path object = work.resolve("classes/META-INF/bpf/" + architecture + "/" + name + ".bpf.o");
    Files.createDirectories(object.getParent());
    Process compiler =
        new ProcessBuilder(
                List.of(
                    clang,
                    "-target",
                    "bpf",
                    "-mcpu=v3",
                    "-O2",
                    "-g",
                    "-I" + include,
                    "-D__TARGET_ARCH_" + (architecture.equals("aarch64") ? "arm64" : "x86"),
                    "-idirafter",
                    "/usr/include/" + architecture + "-linux-gnu",
                    "-c",
                    c.toString(),
                    "-o",
                    object.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    if (compiler.waitFor() != 0) {
      throw new AssertionError("clang: " + output);
    }
    return this;
  }

  /** Compiles against another jar too. */
  PluginBuilder against(Path jar) {
    modulePath += ":" + jar;
    return this;
  }

  /** Compiles what was added and makes the jar. */
  Path jar(Path jar) throws IOException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    List<String> sources = new ArrayList<>();
    Path src = work.resolve("src");
    if (Files.exists(src)) {
      try (Stream<Path> files = Files.walk(src)) {
        files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(sources::add);
      }
      List<String> arguments =
          new ArrayList<>(
              List.of("-d", classes.toString(), "-p", modulePath, "-proc:none", "-nowarn"));
      arguments.addAll(sources);
      tool("javac", arguments);
    }
    tool("jar", List.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."));
    return jar;
  }

  /** Puts a file into the jar as it is. */
  PluginBuilder file(String path, byte[] bytes) throws IOException {
    Path file = work.resolve("classes").resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    return this;
  }

  private Path headers() throws IOException {
    Path include = Files.createDirectories(work.resolve("include"));
    for (String header : HEADERS) {
      String resource = "META-INF/bpf/include/" + header;
      try (InputStream stream = SpiVersion.class.getModule().getResourceAsStream(resource)) {
        Files.write(include.resolve(header), stream.readAllBytes());
      }
    }
    return include;
  }

  private static String clang() {
    for (String name : List.of("clang", "clang-19", "clang-18", "clang-16", "clang-14")) {
      for (String directory : System.getenv("PATH").split(":", -1)) {
        if (Files.isExecutable(Path.of(directory, name))) {
          return name;
        }
      }
    }
    String reason = "skipped: clang: expected one in PATH, found none: apt-get install clang";
    System.out.println(reason);
    return Assumptions.abort(reason);
  }

  private Path write(String path, String text) throws IOException {
    Path file = work.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void tool(String name, List<String> arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int status =
        ToolProvider.findFirst(name)
            .orElseThrow()
            .run(writer, writer, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new AssertionError(name + ": " + output);
    }
  }

  private static String word(String source, String before) {
    String rest = source.substring(source.indexOf(before) + before.length());
    return rest.split("[^A-Za-z0-9_.]", 2)[0];
  }
}
