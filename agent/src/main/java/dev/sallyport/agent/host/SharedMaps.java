package dev.sallyport.agent.host;

import dev.sallyport.agent.kernel.BpfMap;
import dev.sallyport.agent.kernel.BpfObject;
import dev.sallyport.spi.probe.ProbeDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The maps that {@code sallyport.bpf.h} declares and all objects share. The first object that is
 * loaded makes them.
 */
final class SharedMaps {

  /** Should match SP_MAX_PROBES. */
  static final int MAX_PROBES = 32;

  static final String RING = "sp_ring";

  private static final List<String> NAMES =
      List.of(RING, "sp_lineages", "sp_counters", "sp_faults", "sp_sequences", "sp_readers");

  private final List<BpfMap> maps;

  SharedMaps(BpfObject owner) {
    List<BpfMap> found = new ArrayList<>();
    for (String name : NAMES) {
      found.add(
          Objects.requireNonNull(owner.map(name), () -> owner + " does not declare map " + name));
    }
    maps = List.copyOf(found);
  }

  /** Makes an object that was not loaded yet use these maps. */
  void shareWith(BpfObject object) {
    maps.forEach(object::share);
  }

  BpfMap ring() {
    return maps.get(0);
  }

  BpfMap lineages() {
    return maps.get(1);
  }

  BpfMap reader() {
    return maps.get(5);
  }

  /**
   * What the kernel counted of one event type.
   *
   * @param generated records wanted
   * @param lost those that found no room in the ring
   */
  record Counts(long generated, long lost) {}

  /** {@return the counts of a probe's event type, over all CPUs} */
  Counts counts(int probe, int eventType) {
    ByteBuffer values = value(maps.get(2), probe * ProbeDescriptor.MAX_EVENT_TYPES + eventType);
    long generated = 0;
    long lost = 0;
    while (values.hasRemaining()) {
      generated += values.getLong();
      lost += values.getLong();
    }
    return new Counts(generated, lost);
  }

  /** {@return a probe's fault counter, over all CPUs} */
  long faults(int probe, int fault) {
    ByteBuffer values = value(maps.get(3), probe * ProbeDescriptor.MAX_FAULTS + fault);
    long count = 0;
    while (values.hasRemaining()) {
      count += values.getLong();
    }
    return count;
  }

  private static ByteBuffer value(BpfMap map, int index) {
    byte[] key = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(index).array();
    return ByteBuffer.wrap(Objects.requireNonNull(map.get(key), "array maps have every index"))
        .order(ByteOrder.nativeOrder());
  }
}
