package dev.sallyport.agent.kernel;

import java.time.Instant;

/** The kernel's boot-time clock, as records carry it, against the wall clock. Thread-safe. */
public final class KernelClock {

  private volatile long offsetNanos = measure();

  /** Takes the offset anew: the wall clock may have been set. */
  public void refresh() {
    offsetNanos = measure();
  }

  /** {@return the boot-time clock now, in nanoseconds} */
  public long now() {
    return Libc.clock(Libc.CLOCK_BOOTTIME);
  }

  /** {@return nanoseconds since 1970 of a boot-time clock's reading} */
  public long toUnixNanos(long bootNanos) {
    return bootNanos + offsetNanos;
  }

  private static long measure() {
    Instant wall = Instant.now();
    long boot = Libc.clock(Libc.CLOCK_BOOTTIME);
    return wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - boot;
  }
}
