package dev.sallyport.agent.correlation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The process table through the life of a short process: fork, exec, exit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProcessTableJmh {

  private static final List<String> ARGUMENTS = List.of("cc", "-O2", "-c", "unit.c");

  private final ProcessTable table = new ProcessTable();
  private ProcessNode parent = table.forked(1L << 12, 1, 0, 0, null, null);
  private long counter = 2;

  /** For JMH. */
  public ProcessTableJmh() {}

  /** Gives the parent a program. */
  @Setup
  public void execute() {
    parent = table.executed(counter++ << 12, 1L << 12, 1, 0, image());
  }

  /** One short process. */
  @Benchmark
  public ProcessNode shortProcess() {
    long forked = counter++ << 12;
    long executed = counter++ << 12;
    int pid = (int) counter;
    table.forked(forked, pid, parent.pid(), counter, parent, null);
    ProcessNode node = table.executed(executed, forked, pid, counter, image());
    table.ended(forked, new ProcessNode.Exit(counter, 0, 0, true));
    table.ended(executed, new ProcessNode.Exit(counter, 0, 0, false));
    return node;
  }

  private static ProcessNode.Image image() {
    return new ProcessNode.Image("/usr/bin/cc", ARGUMENTS, false, "/tmp", 0, 0, false, 0);
  }
}
