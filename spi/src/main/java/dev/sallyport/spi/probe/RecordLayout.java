package dev.sallyport.spi.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * The layout of a C struct as the Java side expects it: names, offsets, sizes.
 *
 * <p>Offsets follow from C's rules of alignment, so that a layout reads like the struct. The host
 * compares it with the BTF of the compiled object before it loads that object: a field moved on one
 * side only is an error with a name, not a wrong number.
 *
 * <pre>{@code
 * private static final RecordLayout LAYOUT =
 *     RecordLayout.struct("my_record").header().u32("signal").bytes("comm", 16).build();
 * private static final int SIGNAL = LAYOUT.offset("signal");
 * }</pre>
 */
public final class RecordLayout {

  private final String struct;
  private final List<Field> fields;
  private final int size;

  private RecordLayout(Builder builder) {
    this.struct = builder.struct;
    this.fields = List.copyOf(builder.fields);
    this.size = align(builder.end, builder.alignment);
  }

  /** Starts the layout of {@code struct name}. */
  public static Builder struct(String name) {
    return new Builder(name);
  }

  /** {@return the C struct's name} */
  public String struct() {
    return struct;
  }

  /** {@return the fields in the struct's order} */
  public List<Field> fields() {
    return fields;
  }

  /** {@return the struct's size in bytes, padding at its end included} */
  public int size() {
    return size;
  }

  /**
   * {@return the offset of a field in bytes}
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public int offset(String field) {
    for (Field candidate : fields) {
      if (candidate.name().equals(field)) {
        return candidate.offset();
      }
    }
    throw new IllegalArgumentException("struct %s has no field %s".formatted(struct, field));
  }

  private static int align(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }

  /**
   * One field.
   *
   * @param name its name in C
   * @param offset from the struct's start, in bytes
   * @param size in bytes
   */
  public record Field(String name, int offset, int size) {}

  /** Adds fields in the struct's order. */
  public static final class Builder {
    private final String struct;
    private final List<Field> fields = new ArrayList<>();
    private int end;
    private int alignment = 1;

    private Builder(String struct) {
      this.struct = struct;
    }

    /** Adds the {@code struct sp_header head} that every record begins with. */
    public Builder header() {
      return add("head", RecordHeader.SIZE, 8);
    }

    /** Adds a {@code __u8}. */
    public Builder u8(String name) {
      return add(name, 1, 1);
    }

    /** Adds a {@code __u16} or {@code __be16}. */
    public Builder u16(String name) {
      return add(name, 2, 2);
    }

    /** Adds a {@code __u32}, {@code __s32} or {@code __be32}. */
    public Builder u32(String name) {
      return add(name, 4, 4);
    }

    /** Adds a {@code __u64}. */
    public Builder u64(String name) {
      return add(name, 8, 8);
    }

    /** Adds an array of {@code char} or {@code __u8}. */
    public Builder bytes(String name, int length) {
      return add(name, length, 1);
    }

    /** {@return the layout} */
    public RecordLayout build() {
      return new RecordLayout(this);
    }

    private Builder add(String name, int size, int fieldAlignment) {
      int offset = align(end, fieldAlignment);
      fields.add(new Field(name, offset, size));
      end = offset + size;
      alignment = Math.max(alignment, fieldAlignment);
      return this;
    }
  }
}
