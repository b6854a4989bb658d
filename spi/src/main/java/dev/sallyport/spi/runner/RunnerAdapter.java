package dev.sallyport.spi.runner;

/**
 * Tells the host which jobs run and who they are.
 *
 * <p>The hot path never calls an adapter: every record carries its job and step from the kernel. An
 * adapter tells, late if need be, what those numbers mean.
 */
public interface RunnerAdapter extends AutoCloseable {

  /** Begins; returns at once. Called once. Work of its own goes on threads of its own. */
  void start(RunnerContext context, JobSignals signals);

  /** Ends; no signal is given afterwards. */
  @Override
  void close();
}
