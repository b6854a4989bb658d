package dev.sallyport.agent.host;

import dev.sallyport.agent.kernel.BpfMap;
import dev.sallyport.agent.kernel.BpfObject;
import dev.sallyport.agent.kernel.BpfProgram;
import dev.sallyport.agent.kernel.KernelClock;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.OptionalProgram;
import dev.sallyport.spi.probe.ProbeMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A probe at work: its objects in the kernel, its decoder, its counts. What it throws ends it and
 * nothing else.
 *
 * <p>Attached and closed on the control thread; everything else happens on the reader thread.
 */
final class ProbeSlot implements EventSink, ProbeContext {

  // A probe gives its reasons as constants; one that does not must not fill the memory.
  private static final int MAX_REASONS = 64;
  private static final String MORE_REASONS = "and further reasons";

  private final ProbePlugin.Found plugin;
  private final ProbeDescriptor descriptor;
  private final int number;
  private final List<String> notSeen;
  private final EventReceiver receiver;
  private final KernelClock clock;
  private final RingRecord record;
  private final long[] delivered = new long[ProbeDescriptor.MAX_EVENT_TYPES];
  private final Map<String, Long> malformed = new LinkedHashMap<>();
  private final Set<String> gaps = new HashSet<>();

  private volatile List<BpfObject> objects;
  private @Nullable EventDecoder decoder;
  private @Nullable Thread calledOn;
  private boolean decoding;
  private volatile @Nullable ProbeState ended;

  ProbeSlot(
      ProbePlugin.Found plugin,
      int number,
      ProbeLoader.Result.Loaded loaded,
      EventReceiver receiver,
      KernelClock clock,
      RingRecord record) {
    this.plugin = plugin;
    this.descriptor = plugin.descriptor();
    this.number = number;
    this.objects = List.copyOf(loaded.objects());
    this.notSeen = new CopyOnWriteArrayList<>(loaded.notSeen());
    this.receiver = receiver;
    this.clock = clock;
    this.record = record;
  }

  ProbeDescriptor descriptor() {
    return descriptor;
  }

  int number() {
    return number;
  }

  ProbeState state() {
    ProbeState state = ended;
    return state != null ? state : new ProbeState.Running(List.copyOf(notSeen));
  }

  /** Makes the decoder and attaches every program. {@return the state it is in then} */
  ProbeState start(int cgroupFd) {
    String problem = open();
    if (problem == null) {
      problem = attach(cgroupFd);
    }
    if (problem != null) {
      ended = new ProbeState.Refused("probe %s: %s".formatted(descriptor.id(), problem));
      close();
    }
    return state();
  }

  private @Nullable String open() {
    try {
      // A plugin's compiler need not have looked at nullness.
      @Nullable EventDecoder made = plugin.provider().open(this);
      decoder = made;
      return made == null ? "expected a decoder of it, found null" : null;
    } catch (Throwable e) {
      return "opening it threw %s: %s".formatted(PluginFault.of(e), plugin.remedy());
    }
  }

  private @Nullable String attach(int cgroupFd) {
    for (BpfObject object : objects) {
      for (BpfProgram program : object.programs().values()) {
        if (!program.isEnabled() || program.isIterator()) {
          continue;
        }
        String problem = object.attach(program, cgroupFd);
        if (problem == null) {
          continue;
        }
        OptionalProgram optional = ProbeLoader.optional(descriptor, program.name());
        if (optional == null) {
          return problem;
        }
        notSeen.add(ProbeLoader.notSeen(optional, problem));
      }
    }
    return null;
  }

  /** Decodes the record at hand. */
  void decode() {
    int type = record.eventType();
    if (type < delivered.length) {
      delivered[type]++;
    }
    EventDecoder current = decoder;
    if (current == null || ended != null) {
      return;
    }
    calledOn = Thread.currentThread();
    decoding = true;
    try {
      current.decode(record, this);
    } catch (Throwable e) {
      quarantine(e);
    } finally {
      decoding = false;
      calledOn = null;
    }
  }

  void processEnded(long execId) {
    EventDecoder current = decoder;
    if (current == null || ended != null) {
      return;
    }
    calledOn = Thread.currentThread();
    try {
      current.processEnded(execId, this);
    } catch (Throwable e) {
      quarantine(e);
    } finally {
      calledOn = null;
    }
  }

  void flush(boolean end) {
    EventDecoder current = decoder;
    if (current == null || ended != null) {
      return;
    }
    calledOn = Thread.currentThread();
    try {
      current.flush(end, this);
    } catch (Throwable e) {
      quarantine(e);
    } finally {
      calledOn = null;
    }
  }

  private void quarantine(Throwable problem) {
    String reason =
        "probe %s: its decoder threw %s; the probe is stopped: %s"
            .formatted(descriptor.id(), PluginFault.of(problem), plugin.remedy());
    ended = new ProbeState.Quarantined(reason);
    objects.forEach(BpfObject::detach);
    receiver.coverageGap(descriptor.id(), reason);
  }

  void close() {
    EventDecoder current = decoder;
    decoder = null;
    try {
      if (current != null) {
        current.close();
      }
    } catch (Throwable e) {
      receiver.coverageGap(
          descriptor.id(),
          "probe %s: closing it threw %s: %s"
              .formatted(descriptor.id(), PluginFault.of(e), plugin.remedy()));
    } finally {
      List<BpfObject> closing = objects;
      objects = List.of();
      closing.forEach(BpfObject::close);
    }
  }

  long delivered(int eventType) {
    return delivered[eventType];
  }

  Map<String, Long> malformedByReason() {
    synchronized (malformed) {
      return Map.copyOf(malformed);
    }
  }

  List<BpfObject> objects() {
    return objects;
  }

  // What the decoder sees as its sink.

  @Override
  public void emit(ProbeEvent event) {
    checkCaller();
    if (!decoding) {
      throw new IllegalStateException("emit without an origin outside of decode");
    }
    receiver.receive(
        descriptor.id(),
        record.timeNanos(),
        record.jobId(),
        record.stepId(),
        record.execId(),
        record.pid(),
        settled(event));
  }

  @Override
  public void emit(Origin origin, ProbeEvent event) {
    checkCaller();
    receiver.receive(descriptor.id(), origin, settled(event));
  }

  /** What comes after is the reader thread's, and in order. */
  private void checkCaller() {
    if (calledOn != Thread.currentThread()) {
      throw new IllegalStateException("emit outside of the call that the sink was passed to");
    }
  }

  /** Built-in probes are the agent's own code; others' events are taken down at once. */
  private ProbeEvent settled(ProbeEvent event) {
    return plugin.source().path() == null ? Objects.requireNonNull(event) : new SettledEvent(event);
  }

  @Override
  public void malformed(String reason) {
    synchronized (malformed) {
      boolean room = malformed.size() < MAX_REASONS || malformed.containsKey(reason);
      malformed.merge(room ? reason : MORE_REASONS, 1L, Long::sum);
    }
  }

  // What the probe sees as its context.

  @Override
  public ProbeMap map(String name) {
    for (BpfObject object : objects) {
      BpfMap map = object.map(name);
      if (map != null) {
        return new KernelProbeMap(map);
      }
    }
    throw new IllegalArgumentException("probe %s has no map %s".formatted(descriptor.id(), name));
  }

  @Override
  public boolean hasProgram(String program) {
    for (BpfObject object : objects) {
      BpfProgram found = object.programs().get(program);
      if (found != null) {
        return found.isEnabled();
      }
    }
    return false;
  }

  @Override
  public long toUnixNanos(long kernelTimeNanos) {
    return clock.toUnixNanos(kernelTimeNanos);
  }

  @Override
  public void coverageGap(String reason) {
    String told;
    synchronized (gaps) {
      told = gaps.size() < MAX_REASONS ? PluginFault.oneLine(reason) : MORE_REASONS;
      if (!gaps.add(told)) {
        return;
      }
    }
    receiver.coverageGap(descriptor.id(), told);
  }

  private record KernelProbeMap(BpfMap map) implements ProbeMap {
    @Override
    public byte @Nullable [] get(byte[] key) {
      return map.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key, value);
    }

    @Override
    public boolean remove(byte[] key) {
      return map.remove(key);
    }

    @Override
    public byte @Nullable [] nextKey(byte @Nullable [] key) {
      return map.nextKey(key);
    }
  }
}
