package dev.sallyport.agent.process;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.EventType;
import dev.sallyport.spi.probe.ProbeDescriptor.OptionalProgram;
import dev.sallyport.spi.probe.ProbeProvider;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The core. It is loaded first and by name, for every other probe's records carry what its programs
 * keep; past that it is a probe like the others.
 */
public final class ProcessProbe implements ProbeProvider {

  /** Its id. */
  public static final String ID = "process";

  private final ProcessTable processes;
  private final @Nullable ProcessNode agent;
  private final LongConsumer imageEnded;

  /**
   * Makes the core.
   *
   * @param processes kept up to date on the reader thread
   * @param agent the agent's own process: the parent of what it starts
   * @param imageEnded told of every image that ends, after the event of it was given
   */
  public ProcessProbe(
      ProcessTable processes, @Nullable ProcessNode agent, LongConsumer imageEnded) {
    this.processes = processes;
    this.agent = agent;
    this.imageEnded = imageEnded;
  }

  @Override
  public ProbeDescriptor descriptor() {
    return new ProbeDescriptor(
        ID,
        "1.0",
        SpiVersion.CURRENT,
        "programs executed, forks and exits, and the job and step of each process",
        List.of("process"),
        List.of(
            new OptionalProgram(
                "process_prepare_exec",
                "a user that a process became between its fork and its exec")),
        List.of(new EventType("fork"), new EventType("exec"), new EventType("exit")),
        ProcessRecords.LAYOUTS,
        List.of("too many live processes to track", "no scratch memory for an exec"));
  }

  @Override
  public EventDecoder open(ProbeContext context) {
    return new ProcessDecoder(context, processes, agent, imageEnded);
  }
}
