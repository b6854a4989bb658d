package dev.sallyport.agent.run;

import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.agent.host.EventReceiver;
import dev.sallyport.agent.host.PluginFinder;
import dev.sallyport.agent.host.ProbeHost;
import dev.sallyport.agent.host.ProbePlugin;
import dev.sallyport.agent.host.ProbeState;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.kernel.KernelSupport.Check;
import dev.sallyport.agent.process.ProcessProbe;
import dev.sallyport.spi.event.ProbeEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads and attaches every probe once, to see whether this machine takes it, and lets it go. */
public final class ProbeTrial {

  private static final int RING_BYTES = 64 * 1024;

  private ProbeTrial() {}

  /**
   * {@return what became of each probe, the core first} Only where the machine has what all need.
   *
   * @param pluginDirectory where third-party plugins are, null for none
   */
  public static List<Check> check(@Nullable Path pluginDirectory) {
    List<Check> checks = new ArrayList<>();
    KernelClock clock = new KernelClock();
    ProcessProbe core = new ProcessProbe(new ProcessTable(), null, execId -> {});
    try (KernelSupport kernel = KernelSupport.open();
        ProbeHost host = new ProbeHost(kernel, clock, new Nobody(), RING_BYTES)) {
      checks.add(check("probe " + ProcessProbe.ID, host.add(core, core.descriptor())));
      if (checks.getFirst().state() == Check.State.MISSING) {
        return checks;
      }
      for (ProbePlugin plugin : new PluginFinder(Observation.hostLayer()).find(pluginDirectory)) {
        checks.add(
            switch (plugin) {
              case ProbePlugin.Unusable unusable ->
                  new Check("probe " + unusable.name(), Check.State.LIMITED, unusable.reason(), "");
              case ProbePlugin.Found found ->
                  check("probe " + found.descriptor().id(), host.add(found));
            });
      }
    }
    return checks;
  }

  private static Check check(String subject, ProbeState state) {
    return switch (state) {
      case ProbeState.Running running when running.notSeen().isEmpty() ->
          new Check(subject, Check.State.OK, "sees all that it can", "");
      case ProbeState.Running running ->
          new Check(subject, Check.State.LIMITED, String.join("; ", running.notSeen()), "");
      case ProbeState.Refused(String reason) -> new Check(subject, Check.State.MISSING, reason, "");
      case ProbeState.Quarantined(String reason) ->
          new Check(subject, Check.State.MISSING, reason, "");
    };
  }

  private static final class Nobody implements EventReceiver {
    @Override
    public void receive(
        String probe,
        long timeNanos,
        long jobId,
        int stepId,
        long execId,
        int pid,
        ProbeEvent event) {}

    @Override
    public void coverageGap(String probe, String reason) {}
  }
}
