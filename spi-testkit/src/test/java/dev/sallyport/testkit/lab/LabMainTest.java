package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LabExtension.class)
class LabMainTest {

  @Test
  void runsTheDemonstrationAndSaysWhatArrived() throws Exception {
    Path job = Path.of("../examples/demo-job/build.sh").toRealPath();

    String output =
        Inside.run(Inside.labMain("--arrivals", "--", "{enter}", job.toString())).expectSuccess();

    assertThat(output)
        .contains("== Checkout", "fast-checksum 2.1.0", "ok   sallyport", "== Done")
        .containsPattern("evil\\.example +1 request, 116 bytes of upload")
        .containsPattern("\\*\\.tunnel\\.evil\\.example +4 DNS questions")
        .containsPattern("203\\.0\\.113\\.99 +1 request");
  }

  @Test
  void givesTheCommandsStatusAndTheLabsVariables() throws Exception {
    Inside.Result result =
        Inside.run(
            Inside.labMain(
                "--",
                "sh",
                "-c",
                "[ \"$1\" = \"$SALLYPORT_LAB_ENTER\" ] && [ -x \"$1\" ] && cat \"$SSL_CERT_FILE\"; exit 42",
                "sh",
                "{enter}"));

    assertThat(result.output()).startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(result.status()).isEqualTo(42);
  }

  @Test
  void startsFromARelativeModulePath() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    String relative =
        Stream.of(JavaCommand.classPath().split(File.pathSeparator, -1))
            .map(entry -> here.relativize(Path.of(entry)).toString())
            .filter(entry -> !entry.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    String main = "dev.sallyport.testkit/" + LabMain.class.getName();

    Inside.run(new ProcessBuilder(JavaCommand.java(), "-p", relative, "-m", main, "--", "true"))
        .expectSuccess();
  }

  @Test
  void saysThatACommandIsNotThere() throws Exception {
    Inside.Result result = Inside.run(Inside.labMain("--", "/no/such/command"));

    assertThat(result.output()).startsWith("sallyport-lab: ").contains("/no/such/command");
    assertThat(result.status()).isEqualTo(127);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--", "--unknown -- true", "true"})
  void saysHowItIsUsed(String arguments) throws Exception {
    Inside.Result result =
        Inside.run(Inside.labMain(arguments.isEmpty() ? new String[0] : arguments.split(" ")));

    assertThat(result.output()).startsWith("usage: ");
    assertThat(result.status()).isEqualTo(64);
  }

  @Test
  void saysWhatAnUnprivilegedRootLacks() throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--"));
    command.addAll(Inside.labMain("--", "true").command());

    Inside.Result result = Inside.run(new ProcessBuilder(command));

    assertThat(result.output()).startsWith("The lab needs CAP_SYS_ADMIN");
    assertThat(result.status()).isEqualTo(69);
  }
}
