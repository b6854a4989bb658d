package dev.sallyport.agent.host;

import dev.sallyport.agent.kernel.BpfMap;
import dev.sallyport.agent.kernel.BpfObject;
import dev.sallyport.agent.kernel.BpfProgram;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.agent.kernel.KernelSupport;
import dev.sallyport.agent.kernel.RingReader;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeProvider;
import dev.sallyport.spi.probe.RecordHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs probes: loads them, hands each its records, keeps one's failure from the others.
 *
 * <p>{@link #add} and {@link #close} belong to one control thread; {@link #drain}, {@link #flush},
 * {@link #processEnded} to the reader thread, which may be the same. The first probe that is added
 * is the core: its objects make the maps that all share.
 */
public final class ProbeHost implements AutoCloseable {

  private final KernelSupport kernel;
  private final ProbeLoader loader;
  private final EventReceiver receiver;
  private final KernelClock clock;
  private final RingRecord record = new RingRecord();
  private final ProbeSlot[] slots = new ProbeSlot[SharedMaps.MAX_PROBES];
  private final int wakeThreshold;
  private int count;
  private @Nullable SharedMaps shared;
  private @Nullable RingReader ring;
  private long unknownRecords;

  /**
   * Makes a host without probes.
   *
   * @param ringBytes the shared ring's size, a power of two and a multiple of the page size
   */
  public ProbeHost(KernelSupport kernel, KernelClock clock, EventReceiver receiver, int ringBytes) {
    this.kernel = kernel;
    this.clock = clock;
    this.receiver = receiver;
    this.loader = new ProbeLoader(kernel, ringBytes);
    this.wakeThreshold = ringBytes / 8;
  }

  /** Loads a built-in probe and attaches it: from then on it observes. {@return its state} */
  public ProbeState add(ProbeProvider provider, ProbeDescriptor descriptor) {
    return add(new ProbePlugin.Found(PluginSource.BUILT_IN, provider, descriptor));
  }

  /** Loads a probe that was found and attaches it. {@return its state} */
  public ProbeState add(ProbePlugin.Found plugin) {
    String id = plugin.descriptor().id();
    if (states().containsKey(id)) {
      return new ProbeState.Refused(PluginFinder.duplicate(plugin));
    }
    if (count == slots.length) {
      return new ProbeState.Refused(
          "probe %s: expected at most %d probes, found one more: remove one"
              .formatted(id, slots.length));
    }
    return switch (loader.load(plugin, count, shared)) {
      case ProbeLoader.Result.Refused(String reason) -> new ProbeState.Refused(reason);
      case ProbeLoader.Result.Loaded loaded -> {
        ProbeSlot slot = new ProbeSlot(plugin, count, loaded, receiver, clock, record);
        if (shared == null) {
          shared = new SharedMaps(loaded.objects().getFirst());
          ring = new RingReader(shared.ring(), shared.reader(), wakeThreshold);
        }
        // It keeps its number even if it is refused now: some of its hooks may have written
        // records, which must not go to another probe's decoder.
        slots[count++] = slot;
        yield slot.start(kernel.cgroupFd());
      }
    };
  }

  /** {@return the state of each probe that was loaded, by id} */
  public Map<String, ProbeState> states() {
    Map<String, ProbeState> states = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      states.put(slots[i].descriptor().id(), slots[i].state());
    }
    return states;
  }

  /** Decodes what waits in the ring, at most {@code limit} records. {@return how many} */
  public int drain(int limit) {
    return ring().drain(this::dispatch, limit);
  }

  /** Waits until enough has gathered in the ring or the time is over. */
  public void await(int timeoutMillis) {
    ring().await(timeoutMillis);
  }

  /** {@return how many bytes wait in the ring} Any thread. */
  public long waitingBytes() {
    return ring().waiting();
  }

  /** {@return the ring's size in bytes} */
  public long ringBytes() {
    return ring().size();
  }

  /** Tells every decoder that a process image ended. */
  public void processEnded(long execId) {
    for (int i = 0; i < count; i++) {
      slots[i].processEnded(execId);
    }
  }

  /** Lets every decoder give what it has gathered. */
  public void flush(boolean end) {
    for (int i = 0; i < count; i++) {
      slots[i].flush(end);
    }
  }

  /** {@return what was lost between the kernel's hooks and the decoders} Any thread. */
  public HostCounts counts() {
    return HostCounts.read(slots(), shared(), unknownRecords);
  }

  /** {@return a map of a loaded object by name, null when there is none} Control thread. */
  public @Nullable BpfMap map(String name) {
    for (ProbeSlot slot : slots()) {
      for (BpfObject object : slot.objects()) {
        BpfMap map = object.map(name);
        if (map != null) {
          return map;
        }
      }
    }
    return null;
  }

  /** {@return a loaded program by name, null when there is none or it was left out} */
  public @Nullable BpfProgram program(String name) {
    for (ProbeSlot slot : slots()) {
      for (BpfObject object : slot.objects()) {
        BpfProgram program = object.programs().get(name);
        if (program != null && program.isEnabled()) {
          return program;
        }
      }
    }
    return null;
  }

  @Override
  public void close() {
    if (ring != null) {
      ring.close();
      ring = null;
    }
    // The core's maps are in use by the others: it goes last.
    for (int i = count - 1; i >= 0; i--) {
      slots[i].close();
    }
    count = 0;
  }

  private void dispatch(MemorySegment data, long offset, int length) {
    record.at(data, offset, length);
    int probe = length < RecordHeader.SIZE ? count : record.probe();
    if (probe < count) {
      slots[probe].decode();
    } else {
      unknownRecords++;
    }
  }

  private List<ProbeSlot> slots() {
    List<ProbeSlot> loaded = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      loaded.add(slots[i]);
    }
    return loaded;
  }

  private RingReader ring() {
    return Objects.requireNonNull(ring, "no probe was added, or the host is closed");
  }

  private SharedMaps shared() {
    return Objects.requireNonNull(shared, "no probe was added");
  }
}
