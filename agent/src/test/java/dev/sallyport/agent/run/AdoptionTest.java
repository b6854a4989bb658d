package dev.sallyport.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.runner.JobIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that was there before the agent: its root is adopted, and all that lives below it. */
class AdoptionTest {

  private static final long JOB = 0xad0b7ed;

  @BeforeAll
  static void kernel() {
    ObservedJob.assumeKernel();
  }

  @Test
  void whatLivesBelowTheRootIsTakenInAndEachChildIsAStep(@TempDir Path directory) throws Exception {
    Path go = directory.resolve("go");
    Path ready = directory.resolve("ready");
    new ProcessBuilder("mkfifo", go.toString(), ready.toString()).start().waitFor();
    // Two steps that run already, one of them with a grandchild; each waits on the fifo.
    Process root =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                exec 7<> %1$s # held open, or the reader sees an end between the two
                (bash -c "echo >> %1$s; read < %2$s; /usr/bin/id > /dev/null; true") &
                bash -c "echo >> %1$s; read < %2$s; /usr/bin/uname > /dev/null" &
                wait; /usr/bin/env > /dev/null
                """
                    .formatted(ready, go))
            .start();
    try (var lines = Files.newBufferedReader(ready)) {
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEmpty();
    }
    Observation observation =
        ((Observation.Outcome.Ready) Observation.prepare(1024 * 1024)).observation();
    List<ObservedEvent> events = new ArrayList<>();
    try (observation) {
      observation.register(new JobContext(JOB, 0, JobIdentity.UNKNOWN));
      observation.pipeline().addConsumer(events::add);
      observation.start();

      assertThat(observation.roots().adopt((int) root.pid(), JOB)).isTrue();
      assertThat(observation.roots().adopt(Integer.MAX_VALUE, JOB)).isFalse();
      Files.writeString(go, "1\n2\n");
      assertThat(root.waitFor()).isZero();
      observation.pipeline().stop();
    } finally {
      root.destroyForcibly();
    }

    assertThat(events).allMatch(event -> event.job().id() == JOB);
    int id = stepOf(events, "/usr/bin/id");
    int uname = stepOf(events, "/usr/bin/uname");
    int env = stepOf(events, "/usr/bin/env");
    assertThat(Set.of(id, uname, env)).as("each child of the root is a step").hasSize(3);
    assertThat(Set.of(id, uname)).containsExactlyInAnyOrder(1, 2);
    assertThat(env).isEqualTo(3);
  }

  private static int stepOf(List<ObservedEvent> events, String executable) {
    Set<Integer> steps =
        events.stream()
            .filter(event -> event.event().name().equals("sallyport.process.exec"))
            .filter(event ->
                Objects.requireNonNull(event.process()).image().executable().equals(executable))
            .map(event -> event.step().id())
            .collect(Collectors.toSet());
    assertThat(steps).as(executable).hasSize(1);
    return steps.iterator().next();
  }
}
