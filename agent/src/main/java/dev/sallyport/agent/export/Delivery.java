package dev.sallyport.agent.export;

import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings one signal's requests to the receiver, at least once each.
 *
 * <p>While the receiver answers, requests go straight to it, a few at a time. One that it does not
 * take goes to disk, and so do all that follow, until what is on disk was taken, in order.
 */
final class Delivery {

  private static final int WINDOW = 4;
  private static final int STUBBORN_ATTEMPTS = 20;
  // A receiver that is not there must not cost each job the whole deadline.
  private static final int ATTEMPTS_AT_END = 3;
  private static final long PATIENCE_AT_END_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final long CONNECT_MILLIS = 100;
  private static final int BUFFER_STEP = 64 * 1024;

  private final Signal signal;
  private final OtlpChannel channel;
  private final Spool spool;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Flight> flying = new HashSet<>();
  private final Deque<Request> failed = new ArrayDeque<>();
  private final Deque<byte[]> buffers = new ArrayDeque<>();
  private @Nullable Thread resender;
  private boolean down;
  private boolean ending;
  private boolean closed;
  private int failuresInARow;
  private long delivered;
  private long refused;
  private @Nullable String lastFailure;

  Delivery(Signal signal, OtlpChannel channel, Spool spool) {
    this.signal = signal;
    this.channel = channel;
    this.spool = spool;
    if (!spool.isEmpty()) {
      lock.lock();
      try {
        resend();
      } finally {
        lock.unlock();
      }
    }
  }

  /** {@return a buffer of at least a size, for {@link #deliver}} */
  byte[] buffer(int size) {
    lock.lock();
    try {
      byte[] free = buffers.pollFirst();
      if (free != null && free.length >= size) {
        return free;
      }
    } finally {
      lock.unlock();
    }
    return new byte[(size + BUFFER_STEP - 1) / BUFFER_STEP * BUFFER_STEP];
  }

  /**
   * Sends or stores a request, and takes its buffer. Waits while the receiver is slow.
   *
   * @param pressed asked while waiting; true ends the wait, and the request goes to disk
   */
  void deliver(Request request, BooleanSupplier pressed) {
    Flight flight = new Flight(request);
    lock.lock();
    try {
      while (direct() && flying.size() >= WINDOW && !pressed.getAsBoolean()) {
        await(10);
      }
      if (!direct() || flying.size() >= WINDOW) {
        store(request);
        return;
      }
      flying.add(flight);
    } finally {
      lock.unlock();
    }
    channel.send(signal, request, flight);
  }

  /**
   * Sends what is left, up to a time or until the receiver refuses to answer; the rest stays on
   * disk.
   *
   * @param deadlineNanos by {@link System#nanoTime}
   */
  void finish(long deadlineNanos) {
    lock.lock();
    try {
      ending = true;
      failuresInARow = 0;
      changed.signalAll();
      long patience = System.nanoTime() + PATIENCE_AT_END_NANOS;
      while (!idle() && (failuresInARow < ATTEMPTS_AT_END || System.nanoTime() < patience)) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          break;
        }
        await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      }
      closed = true;
      changed.signalAll();
      failed.forEach(spool::append);
      failed.clear();
      flying.forEach(flight -> spool.append(flight.request));
      flying.clear();
    } finally {
      lock.unlock();
    }
  }

  /** {@return records that the receiver took} */
  long delivered() {
    lock.lock();
    try {
      return delivered;
    } finally {
      lock.unlock();
    }
  }

  /** {@return records that the receiver will never take} */
  long refused() {
    lock.lock();
    try {
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /** {@return what the receiver last said when it did not take something; null when all is well} */
  @Nullable String lastFailure() {
    lock.lock();
    try {
      return lastFailure;
    } finally {
      lock.unlock();
    }
  }

  Spool spool() {
    return spool;
  }

  Signal signal() {
    return signal;
  }

  private boolean direct() {
    return !down && failed.isEmpty() && spool.isEmpty();
  }

  private boolean idle() {
    return flying.isEmpty() && failed.isEmpty() && spool.isEmpty();
  }

  private void store(Request request) {
    spool.append(request);
    recycle(request);
    resend();
    changed.signalAll();
  }

  private void recycle(Request request) {
    if (buffers.size() <= WINDOW) {
      buffers.addFirst(request.bytes());
    }
  }

  // A thread that most runs never need.
  private void resend() {
    down = true;
    if (resender == null) {
      resender =
          Thread.ofPlatform()
              .daemon()
              .name("sallyport-resend-" + signal.folder())
              .start(this::resendAll);
    }
  }

  private void resendAll() {
    int attempts = 0;
    while (true) {
      Spool.Frame frame = nextFrame();
      if (frame == null) {
        return;
      }
      if (attempts > 0) {
        pause(attempts);
      }
      Verdict verdict = attempt(frame.request());
      boolean over =
          verdict == Verdict.DELIVERED
              || verdict == Verdict.REFUSED
              || (verdict == Verdict.STUBBORN && attempts >= STUBBORN_ATTEMPTS);
      attempts = over ? 0 : attempts + 1;
      settle(frame, verdict, over);
    }
  }

  /** Waits for something to send again; null when closed. */
  private Spool.@Nullable Frame nextFrame() {
    lock.lock();
    try {
      while (!closed) {
        for (Request request = failed.pollFirst(); request != null; request = failed.pollFirst()) {
          spool.append(request);
          recycle(request);
        }
        Spool.Frame frame = spool.peek();
        if (frame != null) {
          return frame;
        }
        down = false;
        changed.signalAll();
        await(Long.MAX_VALUE);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void pause(int attempts) {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempts, 10));
    // Many agents lose one receiver together: they should not come back together.
    long pause = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
    lock.lock();
    try {
      while (!ending && !closed && System.nanoTime() < until) {
        await(pause);
      }
      channel.retryNow();
      long connected = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONNECT_MILLIS);
      while (!closed && System.nanoTime() < connected) {
        await(CONNECT_MILLIS);
      }
    } finally {
      lock.unlock();
    }
  }

  private Verdict attempt(Request request) {
    Flight flight = new Flight(request);
    channel.send(signal, request, flight);
    lock.lock();
    try {
      while (flight.verdict == null && !closed) {
        await(Long.MAX_VALUE);
      }
      return flight.verdict == null ? Verdict.LATER : flight.verdict;
    } finally {
      lock.unlock();
    }
  }

  private void settle(Spool.Frame frame, Verdict verdict, boolean over) {
    lock.lock();
    try {
      if (over) {
        failuresInARow = 0;
        account(spool.settle(frame), verdict, frame.request().records());
      } else {
        failuresInARow++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void account(boolean settled, Verdict verdict, int records) {
    if (verdict == Verdict.STUBBORN && settled) {
      refused += records;
    } else if (verdict == Verdict.DELIVERED && !settled) {
      delivered -= records; // Dropped for want of space while under way: counted there.
    } else if (verdict == Verdict.REFUSED && !settled) {
      refused -= records;
    }
  }

  @SuppressWarnings("WaitNotInLoop") // each caller asks again, in a loop, for what it waits for
  private void await(long millis) {
    try {
      if (millis == Long.MAX_VALUE) {
        changed.await();
      } else {
        changed.await(millis, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts these threads; whoever does ends the waiting, not the accounting.
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /** One request under way. */
  private final class Flight implements OtlpChannel.Outcome {
    private final Request request;
    private @Nullable Verdict verdict;

    Flight(Request request) {
      this.request = request;
    }

    @Override
    public void done(Status status, byte @Nullable [] response) {
      lock.lock();
      try {
        Verdict judged = Verdict.of(status);
        verdict = judged;
        boolean straight = flying.remove(this);
        if (judged == Verdict.DELIVERED) {
          int left = PartialSuccess.refused(response, request.records());
          delivered += request.records() - left;
          refused += left;
          lastFailure = null;
        } else {
          lastFailure = describe(status);
          if (judged == Verdict.REFUSED) {
            refused += request.records();
          } else if (straight) {
            failed.add(request);
            resend();
          }
        }
        if (straight && (judged == Verdict.DELIVERED || judged == Verdict.REFUSED)) {
          recycle(request);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private static String describe(Status status) {
      String description = status.getDescription();
      String text = description == null ? "" : ": " + description.lines().findFirst().orElse("");
      return status.getCode() + text;
    }
  }
}
