package dev.sallyport.probe.network;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DNS message, as far as it could be read.
 *
 * @param id the transaction's number
 * @param response whether it is an answer
 * @param responseCode the answer's code, EDNS's upper bits included
 * @param questions what is asked, or was
 * @param answers the answer section's records, the first {@value #MOST_ANSWERS} of them
 * @param moreAnswers how many records more there were
 * @param problem why the rest could not be read, null when all could; what is here is good
 */
record DnsMessage(
    int id,
    boolean response,
    int responseCode,
    List<Question> questions,
    List<Answer> answers,
    int moreAnswers,
    @Nullable String problem) {

  static final int HEADER_BYTES = 12;
  private static final int MOST_QUESTIONS = 16;
  static final int MOST_ANSWERS = 256;

  /**
   * @param name in lower case, escaped
   */
  record Question(String name, int type, int dnsClass) {
    String typeName() {
      return DnsTypes.name(type, dnsClass);
    }
  }

  /**
   * @param name whose record it is
   * @param data as text
   * @param address of A and AAAA, else null
   */
  record Answer(String name, int type, String data, @Nullable IpAddress address) {
    /** {@return an address as it is, other data after its type} */
    String text() {
      return address != null ? data : DnsTypes.name(type) + " " + data;
    }

    /** {@return the name that this one is an alias of, null when it is none} */
    @Nullable String alias() {
      return type == DnsTypes.CNAME ? data : null;
    }
  }

  /**
   * Reads a message. Bytes may be anything and may end anywhere.
   *
   * @return null when not even the head and the questions could be read; {@code reader} says why
   */
  static @Nullable DnsMessage read(DnsReader reader) {
    int id = reader.u16();
    int flags = reader.u16();
    int questionCount = reader.u16();
    int answerCount = reader.u16();
    int otherCount = reader.u16() + reader.u16();
    if (questionCount > MOST_QUESTIONS) {
      reader.fail("dns: more questions than are read");
    }
    List<Question> questions = new ArrayList<>(1);
    for (int i = 0; i < questionCount && !reader.failed(); i++) {
      questions.add(new Question(reader.name(), reader.u16(), reader.u16()));
    }
    if (reader.failed()) {
      return null;
    }
    boolean response = (flags & 0x8000) != 0;
    List<Answer> answers = new ArrayList<>();
    int read = 0;
    while (read < answerCount && answers.size() < MOST_ANSWERS) {
      Answer answer = readAnswer(reader);
      if (answer == null) {
        break;
      }
      answers.add(answer);
      read++;
    }
    int more = reader.failed() ? 0 : answerCount - read;
    int code = flags & 0xf;
    if (response && !reader.failed()) {
      code |= extendedCode(reader, more + otherCount) << 4;
    }
    return new DnsMessage(
        id, response, code, List.copyOf(questions), List.copyOf(answers), more, reader.problem());
  }

  private static @Nullable Answer readAnswer(DnsReader reader) {
    String name = reader.name();
    int type = reader.u16();
    reader.skip(6); // class and time to live
    int length = reader.u16();
    int end = reader.narrow(length);
    int begin = reader.position();
    boolean isAddress = type == DnsTypes.A || type == DnsTypes.AAAA;
    IpAddress address = isAddress ? reader.address(type == DnsTypes.AAAA) : null;
    String data = address != null ? address.text() : DnsData.text(reader, type, length);
    if (!reader.failed() && reader.position() - begin != length) {
      reader.fail("dns: record of another length than its type");
    }
    reader.widen(end);
    return reader.failed() ? null : new Answer(name, type, data, address);
  }

  /** {@return the upper bits of the code, from the OPT record if there is one} */
  private static int extendedCode(DnsReader reader, int records) {
    for (int i = 0; i < records && !reader.failed(); i++) {
      reader.skipName();
      int type = reader.u16();
      reader.u16();
      long timeToLive = reader.u32();
      int length = reader.u16();
      if (type == DnsTypes.OPT) {
        return reader.failed() ? 0 : (int) (timeToLive >>> 24);
      }
      reader.skip(length);
    }
    return 0;
  }
}
