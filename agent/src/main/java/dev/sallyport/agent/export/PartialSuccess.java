package dev.sallyport.agent.export;

import org.jspecify.annotations.Nullable;

/**
 * Reads how many records a receiver refused of a request that it otherwise took: field 1 of field 1
 * of all three OTLP responses. Four lines of wire format, so that the agent needs no protobuf
 * runtime.
 */
final class PartialSuccess {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] message;
  private int at;
  private int end;

  private PartialSuccess(byte[] message) {
    this.message = message;
    this.end = message.length;
  }

  /**
   * {@return the refused records, from 0 to {@code most}; 0 too when the response is malformed}
   *
   * @param response the message, null when none came
   * @param most how many were sent
   */
  static int refused(byte @Nullable [] response, int most) {
    if (response == null || response.length == 0) {
      return 0;
    }
    PartialSuccess reader = new PartialSuccess(response);
    if (!reader.find(1, BYTES)) {
      return 0;
    }
    long length = reader.varint();
    if (length < 0 || length > reader.end - reader.at) {
      return 0;
    }
    reader.end = reader.at + (int) length;
    return reader.find(1, VARINT) ? Math.clamp(reader.varint(), 0, most) : 0;
  }

  private boolean find(int field, int type) {
    while (at < end) {
      long tag = varint();
      if (tag >>> 3 == field && (tag & 7) == type) {
        return true;
      }
      skip((int) tag & 7);
    }
    return false;
  }

  private void skip(int type) {
    long next =
        switch (type) {
          case VARINT -> {
            varint();
            yield at;
          }
          case FIXED64 -> at + 8L;
          case FIXED32 -> at + 4L;
          case BYTES -> varint() + at;
          default -> end;
        };
    at = next < at || next > end ? end : (int) next;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64 && at < end; shift += 7) {
      byte b = message[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    return value;
  }
}
