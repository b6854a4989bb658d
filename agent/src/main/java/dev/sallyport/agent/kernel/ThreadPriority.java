package dev.sallyport.agent.kernel;

/** How the scheduler ranks a thread. */
public final class ThreadPriority {

  private static final int PRIO_PROCESS = 0;
  private static final int SELF = 0;
  private static final int NICE = -10;

  private ThreadPriority() {}

  /**
   * Puts the calling thread before the job's processes. A job that keeps all CPUs busy would let
   * the ring overflow otherwise. Linux has a nice value for each thread, and a child inherits that
   * of the thread that forks it: call it on no thread that starts commands. Without the right to do
   * so nothing changes.
   */
  public static void raise() {
    Libc.setpriority(PRIO_PROCESS, SELF, NICE);
  }
}
