package dev.sallyport.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.host.HostCounts;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.agent.process.ExecEvent;
import dev.sallyport.agent.process.ExitEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes under the real kernel: who belongs to the job, and what is said of them. */
class ProcessTreeTest {

  private static final String EXEC = "sallyport.process.exec";
  private static final String EXIT = "sallyport.process.exit";

  @BeforeAll
  static void kernel() {
    ObservedJob.assumeKernel();
  }

  @Test
  void anExecCarriesPathArgumentsDirectoryAndAncestors() throws Exception {
    ObservedJob job =
        ObservedJob.run("bash", "-c", "cd /usr; /usr/bin/env true 'two words'; exit 3");

    ObservedEvent event =
        job.named(EXEC).stream()
            .filter(exec -> process(exec).image().name().equals("true"))
            .findFirst()
            .orElseThrow();
    ProcessNode.Image image = process(event).image();
    assertThat(image.executable()).isEqualTo("/usr/bin/true");
    assertThat(image.arguments()).containsExactly("true", "two words");
    assertThat(image.argumentsCut()).isFalse();
    assertThat(image.workingDirectory()).isEqualTo("/usr");
    assertThat(image.userId()).isZero();
    assertThat(event.job().id()).isEqualTo(job.jobId());
    assertThat(event.step().id()).isEqualTo(1);
    // env became true without a fork: it is an ancestor all the same.
    assertThat(process(event).ancestors()).startsWith("/usr/bin/env", "/usr/bin/bash");
    assertThat(process(event).ancestors())
        .as("the agent itself stands above the job")
        .anyMatch(path -> path.endsWith("/java"));
    assertThat(job.exit().code()).isEqualTo(3);
  }

  @Test
  void exitsTellCodeAndSignal() throws Exception {
    ObservedJob job =
        ObservedJob.run("bash", "-c", "bash -c 'exit 42'; bash -c 'kill -KILL $$'; true");

    assertThat(job.named(EXIT).stream().map(event -> (ExitEvent) event.event()))
        .contains(new ExitEvent(42, 0, false), new ExitEvent(0, 9, false));
  }

  @Test
  void longArgumentsAreCutAndMarked() throws Exception {
    ObservedJob job = ObservedJob.run("true", "x".repeat(10_000), "never seen");

    ObservedEvent event = job.named(EXEC).getFirst();
    assertThat(process(event).image().argumentsCut()).isTrue();
    assertThat(((ExecEvent) event.event()).argumentBytes())
        .isEqualTo("true".length() + 1 + 10_000 + 1 + "never seen".length() + 1);
    assertThat(process(event).image().arguments()).hasSize(2);
    assertThat(process(event).image().arguments().get(1)).matches("x{4090}");
  }

  @Test
  void tenThousandShortProcessesAreAllSeen() throws Exception {
    ObservedJob job =
        ObservedJob.run("bash", "-c", "for ((i = 0; i < 10000; i++)); do /bin/true; done");

    List<ObservedEvent> trues = withProgram(job.named(EXEC), "/usr/bin/true");
    assertThat(trues).hasSize(10_000);
    assertThat(withProgram(job.named(EXIT), "/usr/bin/true")).hasSize(10_000);
    assertThat(trues.stream().map(event -> process(event).execId()).collect(Collectors.toSet()))
        .hasSize(10_000);
    assertThat(job.events()).allMatch(event -> event.job().id() == job.jobId());
    assertThat(job.counts().events()).allMatch(count -> count.lost() == 0);
    assertThat(job.counts().faults()).isEmpty();
    for (int i = 0; i < job.events().size(); i++) {
      assertThat(job.events().get(i).sequence()).isEqualTo(i + 1L);
    }
  }

  @Test
  void nothingAProcessDoesShedsTheJob() throws Exception {
    // Double fork, new session, empty environment, other user, new namespaces: still ours. The fifo
    // makes the job wait for the daemon without a clock.
    ObservedJob job =
        ObservedJob.run(
            "bash",
            "-c",
            """
            dir=$(mktemp -d); mkfifo $dir/done
            (setsid bash -c "(env -i /bin/cat /proc/version > $dir/done &) &" &) &
            cat $dir/done > /dev/null
            unshare --net --pid --fork --mount /usr/bin/id > /dev/null
            setpriv --reuid=65534 --clear-groups /usr/bin/uname > /dev/null
            rm -r $dir
            """);

    Set<String> programs =
        job.named(EXEC).stream()
            .map(event -> process(event).image().executable())
            .collect(Collectors.toSet());
    assertThat(programs)
        .contains("/usr/bin/setsid", "/usr/bin/cat", "/usr/bin/id", "/usr/bin/uname");
    assertThat(job.events()).allMatch(event -> event.job().id() == job.jobId());
    ObservedEvent uname = withProgram(job.named(EXEC), "/usr/bin/uname").getFirst();
    assertThat(process(uname).image().userId()).isEqualTo(65534);
    ObservedEvent daemon =
        job.named(EXEC).stream()
            .filter(event -> process(event).image().arguments().contains("/proc/version"))
            .findFirst()
            .orElseThrow();
    assertThat(process(daemon).ancestors()).contains("/usr/bin/setsid");
  }

  @Test
  void aProcessOutsideTheJobNeverAppears() throws Exception {
    Process outside = new ProcessBuilder("bash", "-c", "while :; do /usr/bin/env; done").start();
    outside.getInputStream().close();
    try {
      ObservedJob job =
          ObservedJob.run("bash", "-c", "for ((i = 0; i < 200; i++)); do /bin/true; done");

      assertThat(withProgram(job.events(), "/usr/bin/env")).isEmpty();
      assertThat(withProgram(job.named(EXEC), "/usr/bin/true")).hasSize(200);
    } finally {
      outside.destroyForcibly().waitFor();
    }
  }

  @Test
  void aReusedPidBelongsToItsNewOwner() throws Exception {
    Path lastPid = Path.of("/proc/sys/kernel/ns_last_pid");
    assumeTrue(Files.isWritable(lastPid), "no /proc/sys/kernel/ns_last_pid");
    Set<Long> outsiders = new HashSet<>();
    Set<Long> insiders = new HashSet<>();
    Path directory = Files.createTempDirectory("sallyport-pids");
    Path request = directory.resolve("request");
    Path reply = directory.resolve("reply");
    new ProcessBuilder("mkfifo", request.toString(), reply.toString()).start().waitFor();
    // The job starts a process, tells its pid when it is gone, and we take that pid for ours.
    Thread taker =
        Thread.ofPlatform()
            .start(() -> {
              try (var pids = Files.newBufferedReader(request);
                  var replies = Files.newBufferedWriter(reply)) {
                for (String pid = pids.readLine(); pid != null; pid = pids.readLine()) {
                  insiders.add(Long.parseLong(pid));
                  Files.writeString(lastPid, Long.toString(Long.parseLong(pid) - 1));
                  Process ours = new ProcessBuilder("/usr/bin/id").start();
                  outsiders.add(ours.pid());
                  ours.waitFor();
                  replies.write("\n");
                  replies.flush();
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    ObservedJob job =
        ObservedJob.run(
            "bash",
            "-c",
            """
            exec 3> %s 4< %s
            for ((i = 0; i < 100; i++)); do /bin/true & wait $!; echo $! >&3; read -u 4 _; done
            """
                .formatted(request, reply));
    taker.join();

    outsiders.retainAll(insiders);
    assertThat(outsiders).as("pids that the job had and others got next").isNotEmpty();
    assertThat(withProgram(job.events(), "/usr/bin/id")).isEmpty();
    assertThat(withProgram(job.named(EXEC), "/usr/bin/true")).hasSize(100);
  }

  @Test
  void aSetUserIdProgramAndADeletedOneAreMarked(@TempDir Path directory) throws Exception {
    Path id = Files.copy(Path.of("/usr/bin/id"), directory.resolve("suid-id"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    new ProcessBuilder("chmod", "4755", id.toString()).start().waitFor();
    ObservedJob job =
        ObservedJob.run(
            "bash",
            "-c",
            """
            setpriv --reuid=65534 --clear-groups %1$s > /dev/null
            cp /bin/true %2$s/gone; exec 5< %2$s/gone; rm %2$s/gone; exec /proc/self/fd/5
            """
                .formatted(id, directory));

    ExecEvent suid = (ExecEvent) withProgram(job.named(EXEC), id.toString()).getFirst().event();
    assertThat(suid.privileged()).isTrue();
    assertThat(suid.userIdBefore()).isEqualTo(65534);
    assertThat(suid.userId()).isZero();
    ObservedEvent gone = job.named(EXEC).getLast();
    assertThat(((ExecEvent) gone.event()).deleted()).isTrue();
    assertThat(process(gone).image().executable()).isEqualTo(directory + "/gone");
  }

  @Test
  void aTinyRingLosesExactlyWhatItSays() throws Exception {
    ObservedJob job =
        ObservedJob.run(
            4096,
            false,
            pid -> {},
            "bash",
            "-c",
            "for ((i = 0; i < 300; i++)); do /bin/true; done");

    long lost = 0;
    for (HostCounts.EventCount count : job.counts().events()) {
      assertThat(count.generated()).as(count.event()).isEqualTo(count.delivered() + count.lost());
      assertThat(count.generated()).as(count.event()).isGreaterThanOrEqualTo(300);
      lost += count.lost();
    }
    assertThat(lost).isPositive();
    assertThat(job.events()).allMatch(event -> event.job().id() == job.jobId());
  }

  private static List<ObservedEvent> withProgram(List<ObservedEvent> events, String executable) {
    return events.stream()
        .filter(event -> event.process() != null)
        .filter(event -> process(event).image().executable().equals(executable))
        .toList();
  }

  private static ProcessNode process(ObservedEvent event) {
    return Objects.requireNonNull(event.process());
  }
}
