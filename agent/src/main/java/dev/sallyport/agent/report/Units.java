package dev.sallyport.agent.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times and sizes as people read them. All times are UTC. */
final class Units {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Units() {}

  /** {@return a length of time with two significant parts, such as {@code 3 m 12 s}} */
  static String duration(long nanos) {
    if (nanos < 0) {
      return "–";
    }
    if (nanos < 1_000_000) {
      return "< 1 ms";
    }
    if (nanos < NANOS_PER_SECOND) {
      return nanos / 1_000_000 + " ms";
    }
    if (nanos < 60 * NANOS_PER_SECOND) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(nanos / 1e8) / 10);
    }
    long seconds = nanos / NANOS_PER_SECOND;
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d m", seconds / 3600, seconds / 60 % 60);
  }

  /** {@return a number of bytes, such as {@code 1.2 MB}} Powers of 1000. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    do {
      value /= 1000;
      unit++;
    } while (value >= 999.95 && unit < 5);
    return String.format(
        Locale.ROOT, value < 10 ? "%.1f %sB" : "%.0f %sB", value, "kMGTPE".charAt(unit));
  }

  /** {@return date and time of day} */
  static String dateTime(long unixNanos) {
    return MINUTE.format(instant(unixNanos));
  }

  /** {@return the time of day with milliseconds} */
  static String clock(long unixNanos) {
    return CLOCK.format(instant(unixNanos));
  }

  /** {@return the time in ISO 8601 with microseconds, for machines} */
  static String iso(long unixNanos) {
    return instant(unixNanos).truncatedTo(ChronoUnit.MICROS).toString();
  }

  private static Instant instant(long unixNanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(unixNanos, NANOS_PER_SECOND), Math.floorMod(unixNanos, NANOS_PER_SECOND));
  }
}
