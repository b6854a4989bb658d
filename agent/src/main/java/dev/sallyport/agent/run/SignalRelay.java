package dev.sallyport.agent.run;

import dev.sallyport.agent.kernel.CommandProcess;
import dev.sallyport.agent.kernel.Signals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes signals on to the command, those too that come before it runs. Thread-safe.
 *
 * <p>At a terminal the interrupt key reaches the whole foreground, the command included: passing it
 * on would make it two, and many tools take the second as "now!".
 */
final class SignalRelay {

  private final boolean terminalInterrupts = CommandProcess.sharesForeground();
  private final List<Integer> early = new ArrayList<>();
  private @Nullable CommandProcess command;
  private boolean ended;

  /** Begins to catch signals. */
  SignalRelay() {
    for (int number : new int[] {Signals.INT, Signals.HUP}) {
      Signals.handle(
          number,
          () -> {
            if (!terminalInterrupts) {
              pass(number);
            }
          });
    }
    Signals.handle(Signals.TERM, () -> pass(Signals.TERM));
  }

  /** Says where they go: to a command that runs. */
  synchronized void to(CommandProcess process) {
    command = process;
    early.forEach(process::signal);
  }

  /** Says that the command has ended; its process id may be another's by now. */
  synchronized void ended() {
    ended = true;
  }

  private synchronized void pass(int number) {
    if (command == null) {
      early.add(number);
    } else if (!ended) {
      command.signal(number);
    }
  }
}
