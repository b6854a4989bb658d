package dev.sallyport.agent.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import me.bechberger.ebpf.bpf.raw.Lib;
import org.jspecify.annotations.Nullable;

/**
 * A BPF map that exists in the kernel. Each call is a system call; thread-safe as the kernel's maps
 * are. Valid until the object that made it is closed.
 */
public final class BpfMap {

  private static final int TYPE_PERCPU_HASH = 5;
  private static final int TYPE_PERCPU_ARRAY = 6;
  private static final int TYPE_LRU_PERCPU_HASH = 10;

  private final String name;
  private final int fd;
  private final int keySize;
  private final int valueSize;
  private final int maxEntries;

  BpfMap(MemorySegment map) {
    this.name = Libbpf.text(Lib.bpf_map__name(map));
    this.fd = Lib.bpf_map__fd(map);
    this.keySize = Lib.bpf_map__key_size(map);
    this.maxEntries = Lib.bpf_map__max_entries(map);
    int type = Lib.bpf_map__type(map);
    int size = Lib.bpf_map__value_size(map);
    boolean perCpu =
        type == TYPE_PERCPU_ARRAY || type == TYPE_PERCPU_HASH || type == TYPE_LRU_PERCPU_HASH;
    // The kernel gives each CPU's value rounded up to eight bytes.
    this.valueSize = perCpu ? (size + 7) / 8 * 8 * Lib.libbpf_num_possible_cpus() : size;
  }

  /** {@return the map's name in the object} */
  public String name() {
    return name;
  }

  /** {@return the file descriptor} */
  public int fd() {
    return fd;
  }

  /** {@return how many entries fit; of a ring buffer: its size in bytes} */
  public int maxEntries() {
    return maxEntries;
  }

  /** {@return the value, null when the key is absent} Of a per-CPU map: all CPUs' values. */
  public byte @Nullable [] get(byte[] key) {
    checkSize("key", key, keySize);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(valueSize, 8);
      int error = Lib.bpf_map_lookup_elem(fd, allocate(arena, key), value);
      if (error == -Libc.ENOENT) {
        return null;
      }
      check("reading", error);
      return value.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** Sets the value of a key, new or not. */
  public void put(byte[] key, byte[] value) {
    checkSize("key", key, keySize);
    checkSize("value", value, valueSize);
    try (Arena arena = Arena.ofConfined()) {
      check(
          "writing", Lib.bpf_map_update_elem(fd, allocate(arena, key), allocate(arena, value), 0));
    }
  }

  /** Removes a key. {@return whether it was there} */
  public boolean remove(byte[] key) {
    checkSize("key", key, keySize);
    try (Arena arena = Arena.ofConfined()) {
      int error = Lib.bpf_map_delete_elem(fd, allocate(arena, key));
      if (error == -Libc.ENOENT) {
        return false;
      }
      check("removing from", error);
      return true;
    }
  }

  /** {@return the key after {@code key}, the first for null; null after the last} */
  public byte @Nullable [] nextKey(byte @Nullable [] key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(keySize, 8);
      MemorySegment from = key == null ? MemorySegment.NULL : allocate(arena, key);
      int error = Lib.bpf_map_get_next_key(fd, from, next);
      if (error == -Libc.ENOENT) {
        return null;
      }
      check("listing", error);
      return next.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static MemorySegment allocate(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(bytes.length, 8);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  private void checkSize(String what, byte[] bytes, int expected) {
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "map %s: a %s of %d bytes, expected %d".formatted(name, what, bytes.length, expected));
    }
  }

  private void check(String doing, int error) {
    if (error != 0) {
      throw new IllegalStateException("%s map %s: %s".formatted(doing, name, Libbpf.error(error)));
    }
  }
}
