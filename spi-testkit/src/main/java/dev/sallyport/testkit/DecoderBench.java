package dev.sallyport.testkit;

import dev.sallyport.agent.host.RingRecord;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeMap;
import dev.sallyport.spi.probe.ProbeProvider;
import dev.sallyport.spi.probe.RecordHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A probe's decoder without a kernel: it reads records made by hand through the reader that the
 * agent has, and what it gives is gathered. Maps are empty and live in memory; the boot-time clock
 * starts at 1970. What the decoder throws, the bench throws.
 *
 * <p>One decoder for the bench's life, so that what it keeps between records can be tested.
 */
public final class DecoderBench {

  private static final Origin NOWHERE = new Origin(0, 0, 0, 0, 0, 0, 0);

  private final String probe;
  private final EventDecoder decoder;
  private final RingRecord record = new RingRecord();
  private final List<SeenEvent> events = new ArrayList<>();
  private final List<String> malformed = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private final Map<String, MemoryMap> maps = new HashMap<>();
  private final EventSink sink = new Gatherer();
  private Origin origin = NOWHERE;

  DecoderBench(ProbeProvider provider) {
    probe = provider.descriptor().id();
    decoder = provider.open(new Context());
  }

  /** Has records decoded, in order. {@return this, to ask what came of it} */
  public DecoderBench records(byte[]... records) {
    for (byte[] bytes : records) {
      decode(bytes);
    }
    return this;
  }

  /** Tells the decoder that a process image ended. */
  public DecoderBench processEnded(long execId) {
    origin = NOWHERE;
    decoder.processEnded(execId, sink);
    return this;
  }

  /** Lets the decoder give what it has gathered. */
  public DecoderBench flush(boolean end) {
    origin = NOWHERE;
    decoder.flush(end, sink);
    return this;
  }

  /**
   * Has variations of records decoded: bytes after the head flipped, overwritten, cut off. The same
   * seed gives the same variations.
   *
   * @param rounds how many variations
   * @param samples good records to start from
   * @throws AssertionError when the decoder throws, with the record's bytes
   */
  public DecoderBench fuzz(long seed, int rounds, byte[]... samples) {
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      byte[] bytes = vary(random, samples[random.nextInt(samples.length)]);
      try {
        decode(bytes);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "round %d of seed %d: the decoder of %s threw %s on %s"
                .formatted(round, seed, probe, e, HexFormat.of().formatHex(bytes)),
            e);
      }
    }
    return this;
  }

  /** {@return the events given so far} */
  public List<SeenEvent> events() {
    return List.copyOf(events);
  }

  /** {@return the reasons for which records were called malformed, one a record} */
  public List<String> malformed() {
    return List.copyOf(malformed);
  }

  /** {@return the coverage gaps that the probe told of} */
  public List<String> gaps() {
    return List.copyOf(gaps);
  }

  /** {@return a map as the decoder has it, to be filled before or looked at after} */
  public ProbeMap map(String name) {
    return maps.computeIfAbsent(name, key -> new MemoryMap());
  }

  private void decode(byte[] bytes) {
    if (bytes.length < RecordHeader.SIZE) {
      throw new IllegalArgumentException(
          "a record of %d bytes: the host gives none without its head of %d"
              .formatted(bytes.length, RecordHeader.SIZE));
    }
    record.at(MemorySegment.ofArray(bytes), 0, bytes.length);
    origin = record.origin();
    decoder.decode(record, sink);
  }

  private static byte[] vary(Random random, byte[] sample) {
    byte[] bytes = sample.clone();
    int room = bytes.length - RecordHeader.SIZE;
    for (int i = room == 0 ? 0 : random.nextInt(8); i > 0; i--) {
      int at = RecordHeader.SIZE + random.nextInt(room);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) 0xff;
        case 2 -> bytes[at] = 0;
        default -> bytes[at] = (byte) random.nextInt(256);
      }
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(bytes, RecordHeader.SIZE + random.nextInt(room + 1))
        : bytes;
  }

  private final class Gatherer implements EventSink {
    @Override
    public void emit(ProbeEvent event) {
      emit(origin, event);
    }

    @Override
    public void emit(Origin of, ProbeEvent event) {
      events.add(SeenEvent.of(probe, event, of, ""));
    }

    @Override
    public void malformed(String reason) {
      malformed.add(reason);
    }
  }

  private final class Context implements ProbeContext {
    @Override
    public ProbeMap map(String name) {
      return DecoderBench.this.map(name);
    }

    @Override
    public boolean hasProgram(String program) {
      return true;
    }

    @Override
    public long toUnixNanos(long kernelTimeNanos) {
      return kernelTimeNanos;
    }

    @Override
    public void coverageGap(String reason) {
      gaps.add(reason);
    }
  }

  private static final class MemoryMap implements ProbeMap {
    private final Map<String, byte[]> entries = new TreeMap<>();

    @Override
    public byte @Nullable [] get(byte[] key) {
      byte[] value = entries.get(name(key));
      return value == null ? null : value.clone();
    }

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(name(key), value.clone());
    }

    @Override
    public boolean remove(byte[] key) {
      return entries.remove(name(key)) != null;
    }

    @Override
    public byte @Nullable [] nextKey(byte @Nullable [] key) {
      for (String candidate : entries.keySet()) {
        if (key == null || candidate.compareTo(name(key)) > 0) {
          return HexFormat.of().parseHex(candidate);
        }
      }
      return null;
    }

    private static String name(byte[] key) {
      return HexFormat.of().formatHex(key);
    }
  }
}
