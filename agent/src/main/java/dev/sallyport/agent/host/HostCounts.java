package dev.sallyport.agent.host;

import dev.sallyport.agent.kernel.BpfObject;
import dev.sallyport.agent.kernel.BpfProgram;
import dev.sallyport.spi.probe.ProbeDescriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * What was generated, delivered and lost between the kernel's hooks and the decoders.
 *
 * @param events one line for each event type of each probe
 * @param faults one line for each kind of fault that happened, malformed records included
 */
public record HostCounts(List<EventCount> events, List<FaultCount> faults) {

  private static final String TWIN = "_twin";

  /**
   * The counts of one event type. Once the ring is drained, {@code generated = delivered + lost}.
   *
   * @param probe the probe's id
   * @param event the event type's name
   * @param generated records that the kernel's programs wanted to write
   * @param lost those for which the ring had no room
   * @param delivered those that reached the decoder
   */
  public record EventCount(String probe, String event, long generated, long lost, long delivered) {}

  /**
   * Something else that went wrong.
   *
   * @param reason what, such as {@code fault: lineages full} or {@code malformed: …}
   */
  public record FaultCount(String probe, String reason, long count) {}

  static HostCounts read(List<ProbeSlot> slots, SharedMaps shared, long unknownRecords) {
    List<EventCount> events = new ArrayList<>();
    List<FaultCount> faults = new ArrayList<>();
    for (ProbeSlot slot : slots) {
      ProbeDescriptor probe = slot.descriptor();
      for (int type = 0; type < probe.eventTypes().size(); type++) {
        long delivered = slot.delivered(type); // before the kernel's count, which may only be ahead
        SharedMaps.Counts counts = shared.counts(slot.number(), type);
        events.add(
            new EventCount(
                probe.id(),
                probe.eventTypes().get(type).name(),
                counts.generated(),
                counts.lost(),
                delivered));
      }
      for (int fault = 0; fault < probe.faults().size(); fault++) {
        addIfAny(
            faults,
            probe.id(),
            "fault: " + probe.faults().get(fault),
            shared.faults(slot.number(), fault));
      }
      slot.malformedByReason()
          .forEach((reason, count) -> addIfAny(faults, probe.id(), "malformed: " + reason, count));
      for (BpfObject object : slot.objects()) {
        for (BpfProgram program : object.programs().values()) {
          if (!hasTwin(object, program.name())) {
            addIfAny(
                faults,
                probe.id(),
                "skipped by the kernel: " + program.name(),
                program.missedRuns());
          }
        }
      }
    }
    addIfAny(faults, "agent", "record without a known probe", unknownRecords);
    return new HostCounts(List.copyOf(events), List.copyOf(faults));
  }

  /** {@return whether another program runs where this one is skipped} See sallyport.bpf.h. */
  private static boolean hasTwin(BpfObject object, String program) {
    return program.endsWith(TWIN) || object.programs().containsKey(program + TWIN);
  }

  private static void addIfAny(List<FaultCount> faults, String probe, String reason, long count) {
    if (count > 0) {
      faults.add(new FaultCount(probe, reason, count));
    }
  }
}
