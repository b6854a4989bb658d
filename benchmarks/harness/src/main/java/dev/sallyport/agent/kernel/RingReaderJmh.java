package dev.sallyport.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The reader on memory that stands for a ring: what the protocol alone costs for each record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingReaderJmh {

  private static final int RECORDS = 8192;
  private static final int LENGTH = 96;
  private static final int PLACE = LENGTH + 8;
  private static final int RING = 1024 * 1024;

  private final MemorySegment consumer = page();
  private final MemorySegment producer = page();
  private final MemorySegment data = Arena.ofAuto().allocate(2L * RING, 8);
  private final RingReader reader =
      new RingReader(new RingPages(consumer, producer, data, page(), () -> {}), -1, 0);
  private final long[] sum = new long[1];

  /** For JMH. */
  public RingReaderJmh() {}

  /** Gives every place in the ring a record's head, wherever a pass may begin. */
  @Setup
  public void fill() {
    for (long at = 0; at + PLACE <= 2L * RING; at += 8) {
      data.set(ValueLayout.JAVA_INT, at, LENGTH);
    }
  }

  /** Reads one field of each record. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public void drain(Blackhole blackhole) {
    long end = producer.get(ValueLayout.JAVA_LONG, 0) + (long) RECORDS * PLACE;
    producer.set(ValueLayout.JAVA_LONG, 0, end);
    sum[0] = 0;
    int count =
        reader.drain(
            (ring, offset, length) -> sum[0] += ring.get(ValueLayout.JAVA_LONG, offset), RECORDS);
    if (count != RECORDS) {
      throw new IllegalStateException("expected %d records, read %d".formatted(RECORDS, count));
    }
    blackhole.consume(sum[0]);
  }

  private static MemorySegment page() {
    return Arena.ofAuto().allocate(4096, 8);
  }
}
