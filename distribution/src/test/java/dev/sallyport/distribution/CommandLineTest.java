package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit status and the one line that goes with it. */
class CommandLineTest {

  @BeforeAll
  static void machine() throws Exception {
    Sallyport.Result doctor = Sallyport.call(Map.of(), List.of("doctor"));
    if (doctor.status() != 0) {
      System.out.println("skipped: " + doctor.output());
    }
    assumeTrue(doctor.status() == 0, doctor.output());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --bogus -- true              | 64  | sallyport run: unknown argument --bogus; see sallyport run --help
          bogus                            | 64  | sallyport: unknown argument bogus; see sallyport --help
          run                              | 64  | sallyport run: Missing required parameter: 'CMD'; see sallyport run --help
          run --egress-policy maybe true   | 64  | sallyport run: --egress-policy: expected audit or block, found maybe; see sallyport run --help
          run --repository nobody true     | 64  | sallyport run: --repository: expected OWNER/REPO, found nobody; see sallyport run --help
          run --policy /nonexistent true   | 65  | sallyport: policy /nonexistent: expected a readable file, found none
          run --egress-policy block true   | 125 | sallyport: this version observes and cannot hold a job to a policy: leave out --policy and --egress-policy block
          run --quiet /nonexistent/command | 127 | sallyport: running /nonexistent/command: No such file or directory
          run --quiet /etc/passwd          | 126 | sallyport: running /etc/passwd: Permission denied
          """)
  void badInputGetsOneLineAndAStatus(String arguments, int status, String line) throws Exception {
    Sallyport.Result result = Sallyport.call(Map.of(), List.of(arguments.trim().split(" ")));

    assertThat(result.errors().strip()).isEqualTo(line);
    assertThat(result.status()).isEqualTo(status);
  }

  @Test
  void aMachineThatCannotGetsOneLineWithTheRemedy(@TempDir Path empty) throws Exception {
    Sallyport.Result noLibrary =
        Sallyport.call(Map.of("SALLYPORT_LIBBPF", "/nonexistent"), List.of("run", "--", "true"));
    assertThat(noLibrary.status()).isEqualTo(125);
    assertThat(noLibrary.errors())
        .startsWith("sallyport: libbpf: libbpf not found: expected /nonexistent: install it with")
        .hasLineCount(1);

    assertOneLine(
        "setpriv --reuid=65534 --clear-groups %s run -- true",
        "sallyport: rights: user id 65534, expected root");
    assertOneLine(
        "unshare --mount sh -c 'mount --bind " + empty + " /sys/kernel/btf; exec %s run -- true'",
        "sallyport: kernel types (BTF): expected /sys/kernel/btf/vmlinux, found none");
    assertOneLine(
        "unshare --mount sh -c 'umount -a -t cgroup2; exec %s run -- true'",
        "sallyport: cgroup2: expected a mounted cgroup2 hierarchy, found none");
  }

  private static void assertOneLine(String script, String line) throws Exception {
    Path launcher = Sallyport.ROOT.resolve("bin/sallyport");
    Process process =
        new ProcessBuilder("sh", "-c", script.formatted(launcher))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(125);
    assertThat(output).startsWith(line).hasLineCount(1);
  }

  @Test
  void theCommandHasTheStreamsAndItsStatusComesBack() throws Exception {
    Sallyport.Result result =
        Sallyport.call(
            Map.of("GREETING", "hello"),
            List.of("run", "--quiet", "--", "bash", "-c", "echo $GREETING; echo no >&2; exit 42"));

    assertThat(result.output()).isEqualTo("hello\n");
    assertThat(result.errors()).isEqualTo("no\n");
    assertThat(result.status()).isEqualTo(42);
  }

  @Test
  void aSignalReachesTheCommandAndTheReportIsStillWritten(@TempDir Path directory)
      throws Exception {
    Path fifo = directory.resolve("ready");
    new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
    Path report = directory.resolve("report");
    Path output = directory.resolve("out");
    // bash runs a trap only between commands: the loop's are short.
    String script =
        "trap 'echo terminated; exit 7' TERM; echo ready > %s; while :; do read -t 0.05 <> %s; done"
            .formatted(fifo, fifo);
    Process process =
        Sallyport.builder(
                Map.of(),
                List.of("run", "--report", report.toString(), "--", "bash", "-c", script),
                output,
                directory.resolve("err"))
            .start();
    assertThat(Files.readString(fifo)).isEqualTo("ready\n");
    process.destroy(); // TERM

    assertThat(process.waitFor()).isEqualTo(7);
    assertThat(Files.readString(output)).isEqualTo("terminated\n");
    assertThat(report.resolve("report.html")).isNotEmptyFile();
    assertThat(report.resolve("report.md")).isNotEmptyFile();
    assertThat(report.resolve("report.json")).isNotEmptyFile();
  }
}
