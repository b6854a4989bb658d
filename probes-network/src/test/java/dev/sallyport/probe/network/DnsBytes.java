package dev.sallyport.probe.network;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes DNS messages, well-formed or not. */
final class DnsBytes {

  static final int QUERY = 0x0100;
  static final int ANSWER = 0x8180;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static DnsBytes message(int id, int flags, int questions, int answers, int additional) {
    return new DnsBytes().u16(id, flags, questions, answers, 0, additional);
  }

  static byte[] query(int id, String name, int type) {
    return message(id, QUERY, 1, 0, 0).question(name, type).bytes();
  }

  static DnsBytes answer(int id, String name, int type, int answers) {
    return message(id, ANSWER, 1, answers, 0).question(name, type);
  }

  DnsBytes question(String name, int type) {
    return name(name).u16(type, 1);
  }

  DnsBytes name(String name) {
    if (!name.equals(".")) {
      for (String label : name.split("\\.", -1)) {
        byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
        u8(bytes.length).raw(bytes);
      }
    }
    return u8(0);
  }

  DnsBytes pointer(int offset) {
    return u16(0xc000 | offset);
  }

  /** The head of a record after its name, and its data. */
  DnsBytes record(int type, byte[] data) {
    return u16(type, 1, 0, 60, data.length).raw(data);
  }

  DnsBytes a(String address) {
    return record(DnsTypes.A, TestRecord.address(address));
  }

  DnsBytes u8(int value) {
    out.write(value);
    return this;
  }

  DnsBytes u16(int... values) {
    for (int value : values) {
      out.write(value >> 8);
      out.write(value);
    }
    return this;
  }

  DnsBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
