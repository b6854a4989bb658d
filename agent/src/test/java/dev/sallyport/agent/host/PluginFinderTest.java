package dev.sallyport.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories and files that hold no plugin; those that do are in the test kit's tests. */
class PluginFinderTest {

  @TempDir private Path directory;

  @Test
  void findsNothingInAnEmptyDirectory() {
    assertThat(dropped()).isEmpty();
  }

  @Test
  void passesOverWhatIsNoPlugin() throws IOException {
    Files.writeString(directory.resolve("README.md"), "plugins go here");
    Files.writeString(directory.resolve("probe.jar.part"), "half a download");

    assertThat(dropped()).isEmpty();
  }

  @Test
  void tellsADirectoryThatIsNone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThat(new PluginFinder(ModuleLayer.boot()).find(file))
        .last()
        .isEqualTo(
            new ProbePlugin.Unusable(
                new PluginSource(file),
                file.toString(),
                "plugin directory %s: expected a readable directory, found something else: create"
                        .formatted(file)
                    + " it or name another"));
  }

  @Test
  void tellsOfEachOfSeveralInOrderOfName() throws IOException {
    Files.writeString(directory.resolve("b.jar"), "no zip");
    jar("a.jar", "some.txt");
    Files.createDirectory(directory.resolve("c"));

    assertThat(dropped()).extracting(ProbePluginTexts::name).containsExactly("a.jar", "b.jar", "c");
    assertThat(dropped())
        .extracting(ProbePluginTexts::reason)
        .allSatisfy(reason -> assertThat(reason).startsWith("plugin " + directory));
  }

  @Test
  void tellsAProviderInAJarWithoutModule() throws IOException {
    jar(
        "plain.jar",
        "org/example/P.class",
        "META-INF/services/dev.sallyport.spi.probe.ProbeProvider");

    assertThat(dropped())
        .extracting(ProbePluginTexts::reason)
        .containsExactly(
            "plugin %s: expected a module, found a jar without module-info.class: compile one"
                    .formatted(directory.resolve("plain.jar"))
                + " into it");
  }

  private List<ProbePlugin> dropped() {
    return new PluginFinder(ModuleLayer.boot())
        .find(directory).stream().filter(plugin -> plugin.source().path() != null).toList();
  }

  private void jar(String name, String... entries) throws IOException {
    try (OutputStream file = Files.newOutputStream(directory.resolve(name));
        JarOutputStream jar = new JarOutputStream(file)) {
      for (String entry : entries) {
        jar.putNextEntry(new ZipEntry(entry));
        jar.write("org.example.P".getBytes(StandardCharsets.US_ASCII));
        jar.closeEntry();
      }
    }
  }

  private static final class ProbePluginTexts {
    static String name(ProbePlugin plugin) {
      return ((ProbePlugin.Unusable) plugin).name();
    }

    static String reason(ProbePlugin plugin) {
      return ((ProbePlugin.Unusable) plugin).reason();
    }
  }
}
