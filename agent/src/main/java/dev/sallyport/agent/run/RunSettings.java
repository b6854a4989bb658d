package dev.sallyport.agent.run;

import dev.sallyport.spi.runner.JobIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run} was asked to do.
 *
 * @param command the program and its arguments
 * @param identity what the command line says of the job
 * @param plugins directory of third-party plugins, null for none
 * @param events file for OTLP/JSON lines, {@code -} for standard output, null for none
 * @param report directory for the report, null for none
 * @param otlpEndpoint where to export to; null leaves it to the standard environment variables
 * @param failOn names of findings, or {@code blocked}, that fail a job that otherwise passed
 * @param quiet whether only errors are shown
 * @param ringBytes size of the ring buffer, a power of two
 */
public record RunSettings(
    List<String> command,
    JobIdentity identity,
    @Nullable Path plugins,
    @Nullable String events,
    @Nullable Path report,
    @Nullable String otlpEndpoint,
    Set<String> failOn,
    boolean quiet,
    int ringBytes) {}
