package dev.sallyport.agent.export;

import dev.sallyport.agent.pipeline.LossSource;
import java.util.List;

/**
 * What the metrics tell of the agent that the events do not. Asked from the export's threads, every
 * minute unless {@code OTEL_METRIC_EXPORT_INTERVAL} says otherwise; answers at once.
 */
public interface AgentGauges {

  /** {@return how full the ring buffer is, from 0 to 1} */
  double ringUsage();

  /** {@return everything that counts losses; the export adds its own if it is not among them} */
  List<LossSource> lossSources();
}
