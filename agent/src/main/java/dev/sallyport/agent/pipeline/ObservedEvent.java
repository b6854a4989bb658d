package dev.sallyport.agent.pipeline;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.StepContext;
import dev.sallyport.spi.event.ProbeEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event with everything that the agent knows of it. Immutable itself; the contexts it points to
 * may learn more, so that what is shown late shows what was learned late.
 *
 * @param sequence counts the job's events from 1 without a gap
 * @param timeUnixNanos when the kernel saw it
 * @param observedUnixNanos when the agent had it
 * @param probe id of the probe that gave it
 * @param job the job
 * @param step the step, number 0 outside any
 * @param process the process image; null for events about the job or the agent itself
 * @param event what happened
 */
public record ObservedEvent(
    long sequence,
    long timeUnixNanos,
    long observedUnixNanos,
    String probe,
    JobContext job,
    StepContext step,
    @Nullable ProcessNode process,
    ProbeEvent event) {}
