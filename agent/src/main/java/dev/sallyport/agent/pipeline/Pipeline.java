package dev.sallyport.agent.pipeline;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.Jobs;
import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.agent.host.EventReceiver;
import dev.sallyport.agent.host.HostCounts;
import dev.sallyport.agent.host.ProbeHost;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.agent.kernel.ThreadPriority;
import dev.sallyport.spi.event.ProbeEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ring on a thread of its own, joins each event with its job, step and process, and hands
 * it to the consumers.
 *
 * <p>A platform thread: a native poll on a virtual one would hold its carrier. Everything that is
 * not thread-safe in the host, the process table and the consumers' {@code accept} happens there;
 * others hand in work with {@link #execute}.
 */
public final class Pipeline implements EventReceiver, LossSource {

  private static final int BATCH = 8192;
  private static final int IDLE_WAIT_MILLIS = 10;
  private static final long FLUSH_NANOS = 1_000_000_000L;

  // After the job: sockets close a little later than the processes that had them.
  private static final int SETTLE_WAIT_MILLIS = 30;
  private static final long SETTLE_LIMIT_NANOS = 300_000_000L;
  private static final String AGENT = "agent";
  private static final int MAX_CONSUMERS = 16;

  private final KernelClock clock;
  private final Jobs jobs;
  private final ProcessTable processes;
  private final List<EventConsumer> consumers = new ArrayList<>();
  private final AtomicLongArray consumerFaults = new AtomicLongArray(MAX_CONSUMERS);
  private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();
  private final Map<Long, long[]> sequences = new HashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private volatile boolean stopping;
  private @Nullable ProbeHost host;
  private @Nullable Thread thread;
  private @Nullable JobContext gapsBelongTo;
  private long batchUnixNanos;
  private long lastJobId;
  private long[] lastSequence = new long[1];

  /** Makes a pipeline that does not run yet. */
  public Pipeline(KernelClock clock, Jobs jobs, ProcessTable processes) {
    this.clock = clock;
    this.jobs = jobs;
    this.processes = processes;
  }

  /** Adds a consumer, one of 16 at most. Before {@link #start}. */
  public void addConsumer(EventConsumer consumer) {
    if (consumers.size() == MAX_CONSUMERS) {
      throw new IllegalStateException("%d consumers, no more fit".formatted(MAX_CONSUMERS));
    }
    consumers.add(consumer);
  }

  /** Says which job a coverage gap of the whole agent is told to. Before {@link #start}. */
  public void tellGapsTo(JobContext job) {
    gapsBelongTo = job;
  }

  /** Begins to read. */
  public void start(ProbeHost probes) {
    host = probes;
    thread = Thread.ofPlatform().name("sallyport-reader").daemon(true).start(this::read);
  }

  /** Runs something on the reader thread, after the records that wait now. Any thread. */
  public void execute(Runnable task) {
    work.add(task);
  }

  /**
   * Gives an event of the agent itself, about a job or a step. Any thread; after {@link #stop} only
   * the one that stopped it, and then it is delivered before the call returns.
   */
  public void emit(JobContext job, int stepId, ProbeEvent event) {
    long now = clock.toUnixNanos(clock.now());
    if (ended.getCount() == 0) {
      deliver(AGENT, now, job, stepId, 0, event);
    } else {
      execute(() -> deliver(AGENT, now, job, stepId, 0, event));
    }
  }

  /**
   * Reads what the kernel has written until now, lets the probes give what they have gathered, and
   * ends. Returns when the last event was delivered.
   */
  public void stop() throws InterruptedException {
    stopping = true;
    if (thread != null) {
      ended.await();
    }
  }

  /** Tells the probes that a process image ended. Reader thread. */
  public void processEnded(long execId) {
    host().processEnded(execId);
  }

  private void read() {
    ThreadPriority.raise();
    try {
      long nextFlush = System.nanoTime() + FLUSH_NANOS;
      while (!stopping) {
        int count = turn();
        long now = System.nanoTime();
        if (now - nextFlush >= 0) {
          nextFlush = now + FLUSH_NANOS;
          clock.refresh();
          host().flush(false);
        }
        if (count == 0) {
          host().await(IDLE_WAIT_MILLIS);
        }
      }
      settle();
      host().flush(true);
      runWork();
    } finally {
      ended.countDown();
    }
  }

  /** One look at the ring and at the work handed in. {@return how many records there were} */
  private int turn() {
    batchUnixNanos = clock.toUnixNanos(clock.now());
    int count = host().drain(BATCH);
    runWork();
    return count;
  }

  /** Reads on until nothing has come for a while. */
  private void settle() {
    long limit = System.nanoTime() + SETTLE_LIMIT_NANOS;
    int count;
    do {
      while (turn() > 0) {
        // what waits now, however much it is
      }
      host().await(SETTLE_WAIT_MILLIS);
      count = turn();
    } while (count > 0 && System.nanoTime() - limit < 0);
  }

  private void runWork() {
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      task.run();
    }
  }

  @Override
  public void receive(
      String probe,
      long timeNanos,
      long jobId,
      int stepId,
      long execId,
      int pid,
      ProbeEvent event) {
    long unixNanos = clock.toUnixNanos(timeNanos);
    deliver(probe, unixNanos, jobs.of(jobId, unixNanos), stepId, execId, event);
  }

  @Override
  public void coverageGap(String probe, String reason) {
    JobContext job = gapsBelongTo;
    if (job != null) {
      long now = clock.toUnixNanos(clock.now());
      execute(
          () -> deliver(probe, now, job, 0, 0, new AgentEvents.CoverageGap(probe, reason, now)));
    }
  }

  private void deliver(
      String probe, long unixNanos, JobContext job, int stepId, long execId, ProbeEvent event) {
    ObservedEvent observed =
        new ObservedEvent(
            nextSequence(job.id()),
            unixNanos,
            Math.max(batchUnixNanos, unixNanos),
            probe,
            job,
            job.step(stepId),
            execId == 0 ? null : processes.get(execId),
            event);
    for (int i = 0; i < consumers.size(); i++) {
      try {
        consumers.get(i).accept(observed);
      } catch (RuntimeException e) { // a bug of ours: it must not be blamed on the probe
        consumerFaults.incrementAndGet(i);
      }
    }
  }

  private long nextSequence(long jobId) {
    if (jobId != lastJobId) { // spares the boxing while one job's events follow each other
      lastSequence = sequences.computeIfAbsent(jobId, id -> new long[1]);
      lastJobId = jobId;
    }
    return ++lastSequence[0];
  }

  @Override
  public List<Loss> losses() {
    List<Loss> losses = new ArrayList<>();
    HostCounts counts = host().counts();
    for (HostCounts.EventCount count : counts.events()) {
      if (count.lost() > 0) {
        losses.add(new Loss(count.probe(), count.event(), "ring", count.lost()));
      }
    }
    for (HostCounts.FaultCount fault : counts.faults()) {
      losses.add(new Loss(fault.probe(), "*", fault.reason(), fault.count()));
    }
    for (int i = 0; i < consumers.size(); i++) {
      if (consumerFaults.get(i) > 0) {
        String reason = "fault: " + consumers.get(i).getClass().getSimpleName();
        losses.add(new Loss(AGENT, "*", reason, consumerFaults.get(i)));
      }
    }
    return losses;
  }

  private ProbeHost host() {
    return Objects.requireNonNull(host, "the pipeline was not started");
  }
}
