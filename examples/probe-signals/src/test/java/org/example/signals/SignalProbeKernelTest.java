package org.example.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.KernelTests;
import dev.sallyport.testkit.Observed;
import dev.sallyport.testkit.ProbeTestKit;
import dev.sallyport.testkit.SeenEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The probe in the real host, on the real kernel, with real commands as jobs. */
class SignalProbeKernelTest {

  @BeforeAll
  static void needsAKernel() {
    KernelTests.assumeKernel();
  }

  @Test
  void seesASignalWithinTheJob() throws Exception {
    Observed job =
        ProbeTestKit.observe(new SignalProbe())
            .run("sh", "-c", "sleep 60 & kill -TERM $!; wait; exit 3");

    assertThat(job.exitStatus()).isEqualTo(3);
    assertThat(job.gaps()).isEmpty();
    assertThat(job.events("org.example.signal.sent"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.attributes())
              .containsEntry("org.example.signal.number", 15L)
              .containsEntry("org.example.signal.same_job", true);
          assertThat(event.origin().stepId()).isEqualTo(1);
          assertThat(event.executable()).endsWith("sh");
        });
  }

  @Test
  void tellsASignalThatLeavesTheJob() throws Exception {
    Process outside = new ProcessBuilder("sleep", "60").start();
    try {
      String pid = Long.toString(outside.pid());
      Observed job =
          ProbeTestKit.observe(new SignalProbe()).run("sh", "-c", "kill -USR1 \"$1\"", "sh", pid);

      SeenEvent sent = job.events("org.example.signal.sent").getFirst();
      assertThat(sent.attributes())
          .containsEntry("org.example.signal.number", 10L)
          .containsEntry("org.example.signal.target.pid", outside.pid())
          .containsEntry("org.example.signal.target.name", "sleep")
          .containsEntry("org.example.signal.same_job", false);
      assertThat(outside.waitFor()).isEqualTo(128 + 10);
    } finally {
      outside.destroyForcibly();
    }
  }

  @Test
  void doesNotTellOfSignalsThatTheKernelSends() throws Exception {
    // Every child's end sends its parent a SIGCHLD.
    Observed job =
        ProbeTestKit.observe(new SignalProbe()).run("sh", "-c", "/bin/true; /bin/true; /bin/true");

    assertThat(job.events("org.example.signal.sent")).isEmpty();
    assertThat(job.events("sallyport.process.exit")).hasSize(4);
  }

  @Test
  void countsEverySignalThatATinyRingLoses() throws Exception {
    Observed job =
        ProbeTestKit.observe(new SignalProbe())
            .ring(4096)
            .run(
                "sh",
                "-c",
                "sleep 60 & i=0; while [ $i -lt 2000 ]; do kill -CONT $!; i=$((i+1)); done; kill"
                    + " $!");

    Observed.Count sent = job.count("example-signals", "sent");
    assertThat(sent.generated()).isEqualTo(2001);
    assertThat(sent.delivered() + sent.lost()).isEqualTo(sent.generated());
    assertThat(job.events("org.example.signal.sent")).hasSize((int) sent.delivered());
  }
}
