package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.pipeline.ObservedEvent;
import java.io.Flushable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a person sees while a job runs: a line for each finding and each new destination, and a
 * summary at the end. The job's own output is never touched.
 *
 * <p>{@link #accept} belongs to the reader thread and never waits for the terminal: lines go
 * through a short queue to a thread of their own, and what does not fit is counted as lost. All
 * other methods belong to the thread that ends the job, after the last event.
 */
public final class Console implements EventConsumer, LossSource, AutoCloseable {

  private static final int MAX_WAITING = 512;
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);
  private static final String END = "";

  private final ConsoleLines lines;
  private final Appendable out;
  private final Mode mode;
  private final Duration heartbeat;
  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final Object idle = new Object();
  private long queued;
  private long written;
  private volatile boolean broken;

  /** How much is said. */
  public enum Mode {
    /** A person looks on: findings, gaps, new destinations, a sign of life, the summary. */
    TERMINAL,
    /** A log: findings, gaps and the summary. */
    PLAIN,
    /** Errors alone. */
    QUIET;

    /** {@return the mode for a standard error that is or is not a terminal} */
    public static Mode of(boolean terminal, boolean quiet) {
      return quiet ? QUIET : terminal ? TERMINAL : PLAIN;
    }
  }

  /**
   * Makes a console and starts its thread.
   *
   * @param mode how much is said
   * @param colour whether the terminal understands colours and is wanted to show them
   * @param out where to, normally standard error; written by the console's own thread alone, and
   *     flushed after each line if it can be
   */
  public static Console open(Mode mode, boolean colour, Appendable out) {
    return new Console(mode, colour, out, HEARTBEAT);
  }

  Console(Mode mode, boolean colour, Appendable out, Duration heartbeat) {
    this.mode = mode;
    this.out = out;
    this.heartbeat = heartbeat;
    this.lines = new ConsoleLines(colour && mode == Mode.TERMINAL);
    Thread.ofPlatform().name("sallyport-console").daemon().start(this::write);
  }

  @Override
  public void accept(ObservedEvent event) {
    if (mode == Mode.QUIET) {
      return;
    }
    String line =
        switch (event.event().name()) {
          case "sallyport.finding" -> lines.finding(event);
          case "sallyport.coverage.gap" -> lines.gap(event);
          case "sallyport.network.connect" -> mode == Mode.TERMINAL ? lines.contact(event) : null;
          case "sallyport.process.exec" -> {
            lines.executed();
            yield null;
          }
          default -> null;
        };
    if (line != null) {
      offer(line);
    }
  }

  /** Says what went wrong in the agent itself, in every mode. {@code message} is one line. */
  public void error(String message) {
    offer(ConsoleLines.PREFIX + Visible.of(message));
  }

  /**
   * Says how the job was. Waits for the terminal to take it, but not beyond the deadline.
   *
   * @param report where the report is, null when none was asked for
   */
  public void summary(
      ReportModel model,
      List<Loss> losses,
      ReportWriter.@Nullable Outcome report,
      Duration deadline) {
    if (mode != Mode.QUIET) {
      lines.summary(ViewBuilder.forPeople(model, losses), report).forEach(this::offer);
    } else if (report instanceof ReportWriter.Outcome.NotWritten notWritten) {
      error(notWritten.message());
    }
    finish(deadline);
  }

  /** {@inheritDoc} */
  @Override
  public void finish(Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    synchronized (idle) {
      while (written < queued && !broken) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        try {
          idle.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** Ends the thread; what still waits is dropped. */
  @Override
  public void close() {
    waiting.clear();
    waiting.add(END);
  }

  @Override
  public List<Loss> losses() {
    long count = dropped.get();
    return count == 0 ? List.of() : List.of(new Loss("agent", "*", "console", count));
  }

  private void offer(String line) {
    synchronized (idle) {
      if (!broken && waiting.offer(line)) {
        queued++;
        return;
      }
    }
    dropped.incrementAndGet();
  }

  private void write() {
    try {
      while (true) {
        String line = waiting.poll(heartbeat.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
          if (mode == Mode.TERMINAL) {
            print(lines.alive());
          }
          continue;
        }
        if (line.equals(END)) {
          return;
        }
        print(line);
        done();
      }
    } catch (IOException e) {
      // The terminal is gone: nobody is left to tell, except by the count.
      synchronized (idle) {
        broken = true;
        dropped.addAndGet(queued - written);
        idle.notifyAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(String line) throws IOException {
    // In one piece: the job may write to the same terminal.
    out.append(line + "\n");
    if (out instanceof Flushable flushable) {
      flushable.flush();
    }
  }

  private void done() {
    synchronized (idle) {
      written++;
      idle.notifyAll();
    }
  }
}
