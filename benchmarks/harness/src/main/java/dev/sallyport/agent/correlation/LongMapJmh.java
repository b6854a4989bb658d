package dev.sallyport.agent.correlation;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The map behind the process table, as full as it gets, with keys as the kernel gives them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LongMapJmh {

  private static final int KEYS = 16_384;

  private final LongMap<Object> map = new LongMap<>();
  private long asked = 1;
  private long next = 1;

  /** For JMH. */
  public LongMapJmh() {}

  /** Fills it. */
  @Setup
  public void fill() {
    while (map.size() < KEYS) {
      map.put(key(next++), this);
    }
  }

  /** Looks up one key of many. */
  @Benchmark
  public @Nullable Object get() {
    if (++asked >= next) {
      asked = next - KEYS;
    }
    return map.get(key(asked));
  }

  /** Puts a key in and takes the oldest out, as images come and go. */
  @Benchmark
  public @Nullable Object putAndRemove() {
    map.put(key(next++), this);
    return map.remove(key(next - 1 - KEYS));
  }

  /** An exec id: a counter, the CPU in the low twelve bits. */
  private static long key(long number) {
    return number << 12 | (number & 1);
  }
}
