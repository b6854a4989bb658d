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
import dev.sallyport.spi.probe.ProbeMap;
import dev.sallyport.spi.probe.ProbeProvider;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A probe at work: its objects in the kernel, its decoder, its counts. What it throws ends it and
 * nothing else.
 *
 * <p>Attached and closed on the control thread; everything else happens on the reader thread.
 */
final class ProbeSlot implements EventSink, ProbeContext {

  private final ProbeDescriptor descriptor;
  private final int number;
  private final List<BpfObject> objects;
  private final List<String> notSeen;
  private final EventReceiver receiver;
  private final KernelClock clock;
  private final RingRecord record;
  private final long[] delivered = new long[ProbeDescriptor.MAX_EVENT_TYPES];
  private final Map<String, Long> malformed = new LinkedHashMap<>();
  private final Set<String> gaps = new HashSet<>();

  private @Nullable EventDecoder decoder;
  private volatile @Nullable String quarantine;

  ProbeSlot(
      ProbeDescriptor descriptor,
      int number,
      ProbeLoader.Result.Loaded loaded,
      EventReceiver receiver,
      KernelClock clock,
      RingRecord record) {
    this.descriptor = descriptor;
    this.number = number;
    this.objects = loaded.objects();
    this.notSeen = loaded.notSeen();
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
    String reason = quarantine;
    return reason != null ? new ProbeState.Quarantined(reason) : new ProbeState.Running(notSeen);
  }

  /** Makes the decoder. {@return null, or why it could not be made} */
  @Nullable String open(ProbeProvider provider) {
    try {
      decoder = provider.open(this);
      return null;
    } catch (LinkageError | RuntimeException e) {
      return "probe %s: opening it threw %s".formatted(descriptor.id(), PluginFinder.oneLine(e));
    }
  }

  /** Attaches every program. {@return null, or why one that is required could not be} */
  @Nullable String attach(int cgroupFd) {
    for (BpfObject object : objects) {
      for (BpfProgram program : object.programs().values()) {
        if (!program.isEnabled() || program.isIterator()) {
          continue;
        }
        String problem = object.attach(program, cgroupFd);
        if (problem != null) {
          return "probe %s: %s".formatted(descriptor.id(), problem);
        }
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
    if (current == null || quarantine != null) {
      return;
    }
    try {
      current.decode(record, this);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      quarantine(e);
    }
  }

  void processEnded(long execId) {
    EventDecoder current = decoder;
    if (current == null || quarantine != null) {
      return;
    }
    try {
      current.processEnded(execId, this);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      quarantine(e);
    }
  }

  void flush(boolean end) {
    EventDecoder current = decoder;
    if (current == null || quarantine != null) {
      return;
    }
    try {
      current.flush(end, this);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      quarantine(e);
    }
  }

  private void quarantine(Throwable problem) {
    String reason =
        "probe %s: its decoder threw %s; the probe is stopped"
            .formatted(descriptor.id(), PluginFinder.oneLine(problem));
    quarantine = reason;
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
    } catch (RuntimeException | LinkageError e) {
      receiver.coverageGap(
          descriptor.id(),
          "probe %s: closing it threw %s".formatted(descriptor.id(), PluginFinder.oneLine(e)));
    } finally {
      objects.forEach(BpfObject::close);
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
    receiver.receive(
        descriptor.id(),
        record.timeNanos(),
        record.jobId(),
        record.stepId(),
        record.execId(),
        record.pid(),
        event);
  }

  @Override
  public void emit(Origin origin, ProbeEvent event) {
    receiver.receive(descriptor.id(), origin, event);
  }

  @Override
  public void malformed(String reason) {
    synchronized (malformed) {
      malformed.merge(reason, 1L, Long::sum);
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
    synchronized (gaps) {
      if (!gaps.add(reason)) {
        return;
      }
    }
    receiver.coverageGap(descriptor.id(), reason);
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
