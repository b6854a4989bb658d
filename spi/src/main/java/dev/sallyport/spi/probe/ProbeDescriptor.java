package dev.sallyport.spi.probe;

import dev.sallyport.spi.SpiVersion;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a probe is and what it needs, all of it known before anything is loaded.
 *
 * @param id short, unique and stable, such as {@code network}: lower-case letters, digits, hyphens
 * @param version the probe's own version, shown to people
 * @param spi the SPI version it was built against: pass {@link SpiVersion#CURRENT}, a constant that
 *     the compiler does not inline because it is an object; a host of another version says so
 * @param description one sentence: what it sees
 * @param objects base names of its BPF objects, in load order: {@code network} stands for {@code
 *     META-INF/bpf/<arch>/network.bpf.o} in the probe's jar
 * @param optionalPrograms programs that may be missing on some kernels, and what is then not seen;
 *     every other program of the objects is required
 * @param eventTypes the record types of the objects; the number is the index that the C uses
 * @param layouts the records' layouts as the decoder expects them; the host compares each with the
 *     object's BTF and refuses to load a probe whose C and Java disagree
 * @param faults names of the probe's fault counters, by the index that the C passes to {@code
 *     sp_fault}
 */
public record ProbeDescriptor(
    String id,
    String version,
    SpiVersion spi,
    String description,
    List<String> objects,
    List<OptionalProgram> optionalPrograms,
    List<EventType> eventTypes,
    List<RecordLayout> layouts,
    List<String> faults) {

  /** The most event types that a probe can have; the C says {@code SP_MAX_EVENTS}. */
  public static final int MAX_EVENT_TYPES = 32;

  /** The most fault counters that a probe can have; the C says {@code SP_MAX_FAULTS}. */
  public static final int MAX_FAULTS = 16;

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Checks what can be checked without a kernel. */
  public ProbeDescriptor {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "probe id \"%s\": expected %s".formatted(id, ID.pattern()));
    }
    objects = List.copyOf(objects);
    optionalPrograms = List.copyOf(optionalPrograms);
    eventTypes = List.copyOf(eventTypes);
    layouts = List.copyOf(layouts);
    faults = List.copyOf(faults);
    if (eventTypes.size() > MAX_EVENT_TYPES) {
      throw new IllegalArgumentException(
          "probe %s: %d event types, at most %d fit"
              .formatted(id, eventTypes.size(), MAX_EVENT_TYPES));
    }
    if (faults.size() > MAX_FAULTS) {
      throw new IllegalArgumentException(
          "probe %s: %d fault counters, at most %d fit".formatted(id, faults.size(), MAX_FAULTS));
    }
  }

  /**
   * One record type of the probe, its number being its place in {@link #eventTypes()}.
   *
   * @param name what the loss report and the metrics call it, such as {@code dns}
   */
  public record EventType(String name) {}

  /**
   * A program that the probe can do without.
   *
   * @param program the C function's name
   * @param without what is not seen when the kernel has no such hook, as the end of the sentence
   *     "not seen: …"
   */
  public record OptionalProgram(String program, String without) {}
}
