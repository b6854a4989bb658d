package dev.sallyport.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.agent.host.HostCounts.EventCount;
import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.process.JobRoots;
import dev.sallyport.agent.process.ProcessProbe;
import dev.sallyport.spi.event.ProbeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ring and its books on the real kernel: nothing is lost that is not counted. */
class RingAccountingKernelTest {

  private static final int PAGE = 4096;
  private static final int PROCESSES = 200;
  private static final int RUNS = 16;
  private static final long JOB = 4711;

  // A process of the shell's for each turn: one fork, one exec and one exit record.
  private static final List<String> BURST =
      List.of(
          "sh",
          "-c",
          "i=0; while [ $i -lt %d ]; do /bin/true; i=$((i+1)); done".formatted(PROCESSES));

  @BeforeAll
  static void needsAKernel() {
    KernelSupport.Check obstacle = KernelSupport.firstObstacle();
    if (obstacle != null) {
      String reason = "skipped: %s: %s".formatted(obstacle.subject(), obstacle.detail());
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }

  @Test
  void countsExactlyWhatAFullRingLoses() {
    List<ProbeEvent> events = new ArrayList<>();
    try (KernelSupport kernel = KernelSupport.open();
        ProbeHost host = host(kernel, 4 * PAGE, events)) {
      run(host); // nobody reads meanwhile
      int read = drain(host);

      HostCounts counts = host.counts();
      assertThat(counts.events())
          .allSatisfy(
              count -> assertThat(count.generated()).isEqualTo(count.delivered() + count.lost()));
      assertThat(generated(counts)).containsEntry("exec", PROCESSES + 1L);
      assertThat(generated(counts)).containsEntry("exit", PROCESSES + 1L);
      assertThat(generated(counts)).containsEntry("fork", PROCESSES + 1L);
      assertThat(counts.events().stream().mapToLong(EventCount::lost).sum()).isPositive();
      assertThat(counts.events().stream().mapToLong(EventCount::delivered).sum()).isEqualTo(read);
      assertThat(counts.faults()).isEmpty();
    }
  }

  @Test
  void readsOnPastTheRingsEnd() {
    int ring = 16 * PAGE;
    List<ProbeEvent> events = new ArrayList<>();
    try (KernelSupport kernel = KernelSupport.open();
        ProbeHost host = host(kernel, ring, events)) {
      long bytes = 0;
      // Runs are read one by one, each a part of the ring, so that none is lost and the ring's end
      // falls at other places of other records.
      for (int run = 0; run < RUNS; run++) {
        List<String> few = new ArrayList<>(BURST);
        few.set(
            2, "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do /bin/true; done");
        run(host, few);
        bytes += host.waitingBytes();
        drain(host);
        assertThat(host.waitingBytes()).isZero();
      }

      assertThat(bytes).isGreaterThan(ring);
      assertThat(host.counts().events())
          .allSatisfy(count -> {
            assertThat(count.lost()).isZero();
            assertThat(count.delivered()).isEqualTo(RUNS * 21);
          });
      assertThat(events).hasSize(2 * RUNS * 21); // an exec and an exit for each process
    }
  }

  private static ProbeHost host(KernelSupport kernel, int ringBytes, List<ProbeEvent> events) {
    EventReceiver receiver =
        new EventReceiver() {
          @Override
          public void receive(
              String probe,
              long timeNanos,
              long jobId,
              int stepId,
              long execId,
              int pid,
              ProbeEvent event) {
            assertThat(jobId).isEqualTo(JOB);
            events.add(event);
          }

          @Override
          public void coverageGap(String probe, String reason) {
            throw new AssertionError(reason);
          }
        };
    ProbeHost host = new ProbeHost(kernel, new KernelClock(), receiver, ringBytes);
    ProcessProbe core = new ProcessProbe(new ProcessTable(), null, execId -> {});
    assertThat(host.add(core, core.descriptor())).isInstanceOf(ProbeState.Running.class);
    return host;
  }

  private static void run(ProbeHost host) {
    run(host, BURST);
  }

  private static void run(ProbeHost host, List<String> command) {
    JobRoots roots = new JobRoots(host);
    int[] thread = new int[1];
    CommandProcess.Start start =
        CommandProcess.start(
            command,
            Map.of("PATH", "/usr/bin:/bin"),
            id -> {
              thread[0] = id;
              roots.launchFrom(id, JOB, 1);
            });
    roots.launched(thread[0]);
    assertThat(((CommandProcess.Start.Started) start).process().await().code()).isZero();
  }

  private static int drain(ProbeHost host) {
    int total = 0;
    for (int count = host.drain(100); count > 0; count = host.drain(100)) {
      total += count;
    }
    return total;
  }

  private static Map<String, Long> generated(HostCounts counts) {
    return counts.events().stream()
        .collect(Collectors.toMap(EventCount::event, EventCount::generated));
  }
}
