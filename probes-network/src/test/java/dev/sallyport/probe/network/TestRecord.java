package dev.sallyport.probe.network;

import dev.sallyport.spi.probe.Origin;
import dev.sallyport.spi.probe.RecordLayout;
import dev.sallyport.spi.probe.RecordReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A record made by hand, field by field, and read as the host reads those of the ring. */
final class TestRecord implements RecordReader {

  private static final int MOST_BYTES = 8192;

  private final RecordLayout layout;
  private final int type;
  private final ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.nativeOrder());
  private int length;
  private boolean truncated;
  private long execId = 1;
  private long jobId = 7;
  private long timeNanos = 1;

  private TestRecord(RecordLayout layout, int type) {
    this.layout = layout;
    this.type = type;
    this.length = layout.size();
  }

  static TestRecord flow(int type, long cookie, int protocol, String peer, int port) {
    TestRecord record = new TestRecord(Records.FLOW, type);
    byte[] address = address(peer);
    return record
        .put("cookie", cookie)
        .put("protocol", protocol)
        .bytes("peer", address)
        .put("peer_port", port)
        .put("family", address.length == 4 ? 4 : 6);
  }

  static TestRecord bytes(
      int type, long cookie, boolean incoming, String peer, int port, byte[] payload) {
    TestRecord record = new TestRecord(Records.BYTES, type);
    byte[] address = address(peer);
    record
        .put("cookie", cookie)
        .bytes("peer", address)
        .put("peer_port", port)
        .put("family", address.length == 4 ? 4 : 6)
        .put("direction", incoming ? 1 : 0)
        .put("length", payload.length)
        .put("whole", payload.length);
    record.buffer.put(Records.BYTES.size(), payload);
    record.length = Records.BYTES.size() + payload.length;
    return record;
  }

  static TestRecord opened(int family, int type, int protocol) {
    return new TestRecord(Records.OPENED, Records.SOCKET)
        .put("family", family)
        .put("type", type)
        .put("protocol", protocol);
  }

  TestRecord put(String field, long value) {
    RecordLayout.Field found =
        layout.fields().stream().filter(f -> f.name().equals(field)).findFirst().orElseThrow();
    switch (found.size()) {
      case 1 -> buffer.put(found.offset(), (byte) value);
      case 2 -> buffer.putShort(found.offset(), (short) value);
      case 4 -> buffer.putInt(found.offset(), (int) value);
      case 8 -> buffer.putLong(found.offset(), value);
      default -> throw new IllegalArgumentException(field);
    }
    return this;
  }

  TestRecord bytes(String field, byte[] value) {
    buffer.put(layout.offset(field), value);
    return this;
  }

  TestRecord of(long execId) {
    this.execId = execId;
    return this;
  }

  TestRecord inJob(long jobId) {
    this.jobId = jobId;
    return this;
  }

  TestRecord at(long timeNanos) {
    this.timeNanos = timeNanos;
    return this;
  }

  TestRecord cut() {
    truncated = true;
    return this;
  }

  /** {@return the bytes of an address as people write it; no name is looked up} */
  static byte[] address(String text) {
    if (!text.contains(":")) {
      byte[] bytes = new byte[4];
      String[] parts = text.split("\\.", -1);
      for (int i = 0; i < 4; i++) {
        bytes[i] = (byte) Integer.parseInt(parts[i]);
      }
      return bytes;
    }
    String[] halves = text.split("::", -1);
    byte[] bytes = new byte[16];
    String[] front = halves[0].isEmpty() ? new String[0] : halves[0].split(":", -1);
    for (int i = 0; i < front.length; i++) {
      group(bytes, i, front[i]);
    }
    if (halves.length == 2 && !halves[1].isEmpty()) {
      String[] back = halves[1].split(":", -1);
      for (int i = 0; i < back.length; i++) {
        group(bytes, 8 - back.length + i, back[i]);
      }
    }
    return bytes;
  }

  private static void group(byte[] bytes, int index, String text) {
    int value = Integer.parseInt(text, 16);
    bytes[2 * index] = (byte) (value >> 8);
    bytes[2 * index + 1] = (byte) value;
  }

  private int check(int offset, int size) {
    if (offset < 0 || size < 0 || offset + size > length) {
      throw new IndexOutOfBoundsException("%d+%d of %d".formatted(offset, size, length));
    }
    return offset;
  }

  @Override
  public int eventType() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public boolean truncated() {
    return truncated;
  }

  @Override
  public long timeNanos() {
    return timeNanos;
  }

  @Override
  public long jobId() {
    return jobId;
  }

  @Override
  public int stepId() {
    return 1;
  }

  @Override
  public long execId() {
    return execId;
  }

  @Override
  public int pid() {
    return 100;
  }

  @Override
  public Origin origin() {
    return new Origin(timeNanos, jobId, stepId(), execId, pid(), 0, 0);
  }

  @Override
  public int u8(int offset) {
    return buffer.get(check(offset, 1)) & 0xff;
  }

  @Override
  public int u16(int offset) {
    return buffer.getShort(check(offset, 2)) & 0xffff;
  }

  @Override
  public int u16be(int offset) {
    return u8(offset) << 8 | u8(offset + 1);
  }

  @Override
  public int i32(int offset) {
    return buffer.getInt(check(offset, 4));
  }

  @Override
  public long u32(int offset) {
    return i32(offset) & 0xffffffffL;
  }

  @Override
  public long i64(int offset) {
    return buffer.getLong(check(offset, 8));
  }

  @Override
  public byte[] bytes(int offset, int count) {
    check(offset, count);
    return Arrays.copyOfRange(buffer.array(), offset, offset + count);
  }

  @Override
  public String text(int offset, int most) {
    byte[] bytes = bytes(offset, most);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
