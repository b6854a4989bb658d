package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.Loss;
import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.pipeline.ObservedEvent;
import io.opentelemetry.exporter.internal.otlp.logs.LogsRequestMarshaler;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes events as OTLP/JSON: one {@code ExportLogsServiceRequest} a line, what came last within a
 * second and at the end.
 *
 * <p>{@link #accept} only enqueues; a thread writes. Thread-safe, but for {@code accept}, which
 * belongs to the reader thread.
 */
public final class EventsFile implements EventConsumer, LossSource {

  private static final Duration LINGER = Duration.ofMillis(500);
  private static final int QUEUE_CAPACITY = 32 * 1024;
  // A line has each job's resource once; more records a line save little and hold up readers.
  private static final int RECORDS_IN_LINE = 512;

  private final EventWorker worker;
  private final AtomicLong unwritten = new AtomicLong();

  private EventsFile(OutputStream out, AgentIdentity identity) {
    this.worker =
        new EventWorker("sallyport-events", QUEUE_CAPACITY, LINGER, () -> new Lines(out, identity));
  }

  /** Whether the file could be opened. */
  public sealed interface Opening {}

  /** It could. */
  public record Opened(EventsFile file) implements Opening {}

  /**
   * It could not.
   *
   * @param line what is wrong and what to do, for the user
   */
  public record Refused(String line) implements Opening {}

  /**
   * Opens a file anew, or standard output.
   *
   * @param file a path, or {@code -} for standard output
   */
  public static Opening open(String file, AgentIdentity identity) {
    try {
      OutputStream out =
          file.equals("-") ? new StandardOutput() : Files.newOutputStream(Path.of(file));
      EventsFile events = new EventsFile(out, identity);
      events.worker.start();
      return new Opened(events);
    } catch (IOException | InvalidPathException e) {
      return new Refused("--events: cannot write %s (%s); expected a file or -".formatted(file, e));
    }
  }

  @Override
  public void accept(ObservedEvent event) {
    worker.offer(event);
  }

  @Override
  public void finish(Duration deadline) {
    worker.finish(deadline);
  }

  @Override
  public List<Loss> losses() {
    List<Loss> losses = new ArrayList<>(worker.losses());
    if (unwritten.get() > 0) {
      losses.add(new Loss("agent", Signal.LOGS.lossName(), "events-file", unwritten.get()));
    }
    return losses;
  }

  /** Written through, and never closed: others write there too. */
  private static final class StandardOutput extends FileOutputStream {
    StandardOutput() {
      super(FileDescriptor.out);
    }

    @Override
    public void close() {}
  }

  private final class Lines implements EventWorker.Sink {
    private final OutputStream out;
    private final AttributeNames names = new AttributeNames();
    private final RecordMapper mapper;
    private final List<EventRecord> records = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int used;
    private int characters;
    private boolean torn;

    Lines(OutputStream out, AgentIdentity identity) {
      this.out = out;
      this.mapper = new RecordMapper(identity.resource());
    }

    @Override
    public void take(ObservedEvent event) {
      if (used == records.size()) {
        records.add(new EventRecord(names));
      }
      EventRecord record = records.get(used);
      mapper.map(event, record);
      used++;
      characters += record.attributes.totalCharacters();
      if (used == RECORDS_IN_LINE || characters >= Limits.REQUEST_CHARACTERS) {
        flush();
      }
    }

    @Override
    public void flush() {
      if (used == 0) {
        return;
      }
      try {
        line.reset();
        if (torn) {
          line.write('\n'); // what follows is to be readable all the same
        }
        LogsRequestMarshaler.create(List.<LogRecordData>copyOf(records.subList(0, used)))
            .writeJsonTo(line);
        line.write('\n');
        line.writeTo(out);
        torn = false;
      } catch (IOException full) {
        unwritten.addAndGet(used);
        torn = true;
      }
      used = 0;
      characters = 0;
    }

    @Override
    public void end(long deadlineNanos) {
      try {
        out.close();
      } catch (IOException e) {
        // Each line was written through: there is nothing left to lose.
      }
    }
  }
}
