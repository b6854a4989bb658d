package dev.sallyport.agent.correlation;

import dev.sallyport.spi.runner.StepIdentity;
import org.jspecify.annotations.Nullable;

/** A step of a job. Thread-safe. */
public final class StepContext {

  private final int id;
  private volatile StepIdentity identity;

  StepContext(int id) {
    this.id = id;
    this.identity = new StepIdentity(id, null, 0);
  }

  /** {@return its number in the job's records; 0 stands for "outside any step"} */
  public int id() {
    return id;
  }

  /** {@return its name, null while unknown} */
  public @Nullable String name() {
    return identity.name();
  }

  /** {@return its place in the workflow, from 1; 0 when unknown} */
  public int index() {
    return identity.index();
  }

  void identify(StepIdentity newIdentity) {
    identity = newIdentity;
  }
}
