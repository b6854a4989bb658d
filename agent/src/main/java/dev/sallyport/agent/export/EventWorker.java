package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A bounded queue and the thread that empties it. The reader thread only enqueues: when the queue
 * is full the event is dropped and counted.
 */
final class EventWorker {

  /** Events taken from the queue at once. */
  static final int BATCH = 2048;

  // The reader wakes the worker now and then under load; a wake-up for each event would cost it
  // more than all else that it does.
  private static final int WAKE_EVERY = BATCH / 2;

  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ArrayBlockingQueue<ObservedEvent> queue;
  private final long lingerNanos;
  private final LossCounts dropped = new LossCounts("export-queue");
  private final LossCounts faulty = new LossCounts("fault: export");
  private final Thread thread;
  private int offered;
  private volatile boolean finishing;
  private volatile long deadlineNanos;

  /**
   * Starts the thread.
   *
   * @param capacity of the queue
   * @param linger how long an event may wait for others to go with it
   * @param sink made on the thread, so that what it loads does not hold up the caller
   */
  EventWorker(String name, int capacity, Duration linger, Supplier<Sink> sink) {
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.lingerNanos = linger.toNanos();
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> work(sink.get()));
  }

  void start() {
    thread.start();
  }

  /** Takes an event, or drops and counts it. Reader thread; never waits. */
  void offer(ObservedEvent event) {
    if (!queue.offer(event)) {
      dropped.add(event);
    } else if (++offered % WAKE_EVERY == 0) {
      LockSupport.unpark(thread);
    }
  }

  /** {@return whether the queue fills up faster than it empties, or time is up} */
  boolean pressed() {
    return queue.remainingCapacity() < queue.size()
        || (finishing && System.nanoTime() - deadlineNanos > 0);
  }

  /** {@return events that wait} */
  int waiting() {
    return queue.size();
  }

  /** {@return what was dropped here} */
  List<Loss> losses() {
    List<Loss> losses = new ArrayList<>(dropped.losses());
    losses.addAll(faulty.losses());
    return losses;
  }

  /**
   * Empties the queue and ends the thread; what it could not take in time is counted as dropped.
   */
  void finish(Duration deadline) {
    deadlineNanos = System.nanoTime() + deadline.toNanos();
    finishing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(deadline.plus(GRACE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (ObservedEvent left = queue.poll(); left != null; left = queue.poll()) {
      dropped.add(left);
    }
  }

  private void work(Sink sink) {
    List<ObservedEvent> batch = new ArrayList<>(BATCH);
    while (true) {
      boolean last = finishing;
      queue.drainTo(batch, BATCH);
      for (int i = 0; i < batch.size(); i++) {
        take(sink, batch.get(i));
      }
      sink.flush();
      int size = batch.size();
      batch.clear();
      if (size == 0 && last) {
        sink.end(deadlineNanos);
        return;
      }
      if (size < BATCH / 2 && !finishing) {
        LockSupport.parkNanos(this, lingerNanos);
      }
    }
  }

  // An event is a plugin's code: what it throws ends that event, not the export.
  private void take(Sink sink, ObservedEvent event) {
    try {
      sink.take(event);
    } catch (RuntimeException e) {
      faulty.add(event);
    }
  }

  /** What the thread does with events. */
  interface Sink {
    /** Takes one; may hold it until {@link #flush}. */
    void take(ObservedEvent event);

    /** Passes on what is held. */
    void flush();

    /** Ends; called once, after the last event. */
    void end(long deadlineNanos);
  }
}
