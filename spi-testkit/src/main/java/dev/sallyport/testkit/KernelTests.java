package dev.sallyport.testkit;

import dev.sallyport.agent.kernel.KernelSupport;
import org.junit.jupiter.api.Assumptions;

/** What tests against the real kernel ask first. */
public final class KernelTests {

  private KernelTests() {}

  /**
   * Skips the test, and prints why, where this machine cannot observe: no root, no BTF, no libbpf,
   * no cgroup2.
   *
   * @throws org.opentest4j.TestAbortedException when it cannot
   */
  public static void assumeKernel() {
    KernelSupport.Check obstacle = KernelSupport.firstObstacle();
    if (obstacle != null) {
      String reason =
          "skipped: %s: %s: %s".formatted(obstacle.subject(), obstacle.detail(), obstacle.remedy());
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }
}
