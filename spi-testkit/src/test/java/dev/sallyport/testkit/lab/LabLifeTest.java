package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a lab leaves: nothing. */
@ExtendWith(LabExtension.class)
@Timeout(60)
class LabLifeTest {
  private static final List<String> JOB =
      List.of("--", "{enter}", "sh", "-c", "echo up; setsid cat /dev/zero > /dev/null & exec cat");

  @Test
  void leavesNothingWhenClosed() throws Exception {
    Lab lab = Lab.start();
    Path folder = lab.caFile().getParent();
    Process job = lab.process("cat").start(); // waits for input that never comes
    List<ProcessHandle> processes = new ArrayList<>();
    processes.addAll(new Namespace(lab.internetNamespace()).processes());
    processes.addAll(new Namespace(lab.runnerNamespace()).processes());
    assertThat(processes).hasSizeGreaterThanOrEqualTo(3); // servers, dnsmasq, holder, perhaps cat

    lab.close();
    lab.close();

    assertThat(job.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(processes).noneMatch(LabLifeTest::runs);
    assertThat(folder).doesNotExist();
    assertNothingNamed(folder.getFileName().toString());
  }

  @Test
  void runsBesideAnother() throws Exception {
    String[] curl = {"curl", "--silent", "https://github.com/only-one"};
    try (Lab other = Lab.start()) {
      try (Lab one = Lab.start()) {
        Inside.run(one, curl).expectSuccess();

        assertThat(one.accessLog()).anyMatch(entry -> entry.path().equals("/only-one"));
        assertThat(other.accessLog()).isEmpty();
      }
      assertThat(Inside.run(other, curl).expectSuccess()).startsWith("github.com has no");
    }
  }

  @Test
  void isSweptAfterItsOwnerWasKilled() throws Exception {
    Process owner = startMain();
    String name = labOf(owner);
    owner.destroyForcibly().waitFor();
    assertThat(namesWith(name)).as("what the killed owner left").isNotEmpty();

    LabSweep.sweep();

    assertNothingNamed(name);
    assertThat(Tools.TEMPORARY.resolve(name)).doesNotExist();
  }

  @Test
  void endsWithItsOwnerOnATerminationSignal() throws Exception {
    Process owner = startMain();
    String name = labOf(owner);

    owner.destroy();

    assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(owner.exitValue()).isEqualTo(128 + 15);
    assertNothingNamed(name);
    assertThat(Tools.TEMPORARY.resolve(name)).doesNotExist();
  }

  @Test
  void leavesTheMachinesMountsToJobs(Lab lab) throws Exception {
    String here = Files.readString(Path.of("/proc/self/mounts"));

    String there = Inside.run(lab, "cat", "/proc/self/mounts").expectSuccess();

    for (String system : List.of(" cgroup2 ", " sysfs ", " cgroup ", " ext4 ")) {
      assertThat(lines(there, system)).containsAll(lines(here, system));
    }
    assertThat(Files.readString(Path.of("/etc/resolv.conf"))).doesNotContain("192.0.2.53");
  }

  @Test
  void keepsFolderAndArgumentsAsTheyAre(Lab lab) throws Exception {
    Path folder = Files.createTempDirectory("with space ' and \"");
    try {
      ProcessBuilder printf =
          lab.process("sh", "-c", "pwd; printf '[%s]' \"$@\"", "sh", "a b", "$HOME", "", "*", "'");
      String output = Inside.run(printf.directory(folder.toFile())).expectSuccess();

      assertThat(output).isEqualTo(folder + "\n[a b][$HOME][][*][']");
    } finally {
      Files.delete(folder);
    }
  }

  @Test
  void forksNothingOnTheWayIn(Lab lab) throws Exception {
    Process process = lab.process("sh", "-c", "echo $$; exec cat").start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).isEqualTo(Long.toString(process.pid()));
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process startMain() throws IOException {
    Process process =
        Inside.labMain(JOB.toArray(String[]::new))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).isEqualTo("up");
    return process;
  }

  /** The name of the one lab that a process has. */
  private static String labOf(Process owner) throws IOException {
    List<String> found =
        namesWith("sallyport-lab-" + owner.pid() + "-").stream()
            .filter(entry -> entry.endsWith("-runner"))
            .toList();
    assertThat(found).hasSize(1);
    return LabId.parse(found.getFirst()).orElseThrow().toString();
  }

  private static void assertNothingNamed(String name) throws IOException {
    assertThat(namesWith(name)).isEmpty();
    assertThat(lines(Files.readString(Path.of("/proc/self/mountinfo")), name)).isEmpty();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      assertThat(all.map(p -> p.info().commandLine().orElse("")))
          .noneMatch(command -> command.contains(name));
    }
  }

  private static List<String> namesWith(String part) throws IOException {
    try (Stream<Path> entries = Files.list(Namespace.FOLDER)) {
      return entries.map(p -> p.getFileName().toString()).filter(n -> n.contains(part)).toList();
    }
  }

  private static List<String> lines(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).toList();
  }

  /** A zombie that its parent has not looked at yet runs no more. */
  private static boolean runs(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }
}
