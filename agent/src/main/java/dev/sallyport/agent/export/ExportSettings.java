package dev.sallyport.agent.export;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where events go over OTLP/gRPC, from the standard {@code OTEL_} variables and the command line.
 * Immutable; never shows header values.
 */
public final class ExportSettings {

  /** Bytes on disk unless {@link #withDiskBound} says otherwise. */
  static final long DEFAULT_DISK_BYTES = 512L << 20;

  /** Events in memory unless {@link #withQueueCapacity} says otherwise. */
  static final int DEFAULT_QUEUE_CAPACITY = 32 * 1024;

  private final Map<Signal, Target> targets;
  private final Path spoolDirectory;
  private final Duration metricInterval;
  private final long diskBytes;
  private final int queueCapacity;

  ExportSettings(
      Map<Signal, Target> targets,
      Path spoolDirectory,
      Duration metricInterval,
      long diskBytes,
      int queueCapacity) {
    this.targets = targets;
    this.spoolDirectory = spoolDirectory;
    this.metricInterval = metricInterval;
    this.diskBytes = diskBytes;
    this.queueCapacity = queueCapacity;
  }

  /** What the environment asks for. */
  public sealed interface Result {}

  /**
   * Nothing is exported.
   *
   * @param reason why, in a sentence
   */
  public record Disabled(String reason) implements Result {}

  /** Export is wanted and can be set up. */
  public record Enabled(ExportSettings settings) implements Result {}

  /**
   * A value is wrong.
   *
   * @param line what, where, expected and found, for the user
   */
  public record Invalid(String line) implements Result {}

  /**
   * Reads the settings. Reads certificate files, and no other files.
   *
   * @param environment the process's environment
   * @param endpointOption the value of {@code --otlp-endpoint}, which goes before the variables for
   *     endpoints; null when not given
   * @param spoolDirectory where requests wait that the receiver does not take; made when needed
   */
  public static Result fromEnvironment(
      Map<String, String> environment, @Nullable String endpointOption, Path spoolDirectory) {
    try {
      return new OtelEnvironment(environment, endpointOption).read(spoolDirectory);
    } catch (OtelEnvironment.BadValue bad) {
      return new Invalid(bad.line());
    }
  }

  /** {@return these settings with another bound for the bytes on disk, all signals together} */
  public ExportSettings withDiskBound(long bytes) {
    return new ExportSettings(targets, spoolDirectory, metricInterval, bytes, queueCapacity);
  }

  /** {@return these settings with another bound for the events in memory} */
  public ExportSettings withQueueCapacity(int events) {
    return new ExportSettings(targets, spoolDirectory, metricInterval, diskBytes, events);
  }

  /** {@return where the signals go, signals that are off left out} */
  Map<Signal, Target> targets() {
    return new EnumMap<>(targets);
  }

  Path spoolDirectory() {
    return spoolDirectory;
  }

  Duration metricInterval() {
    return metricInterval;
  }

  long diskBytes() {
    return diskBytes;
  }

  int queueCapacity() {
    return queueCapacity;
  }

  @Override
  public String toString() {
    return "OTLP/gRPC to " + targets;
  }
}
