package dev.sallyport.agent.export;

import java.util.ArrayList;
import java.util.List;

/**
 * How large records and requests may grow. What a job controls is hostile: without these, one
 * record could make a request that every receiver refuses.
 */
final class Limits {

  /** Longest text of one attribute, in characters: eight times the kernel's longest path. */
  static final int TEXT_CHARACTERS = 32 * 1024;

  /** Most attributes of an event's own; further ones are dropped and counted in the record. */
  static final int OWN_ATTRIBUTES = 128;

  /** Characters of one event's own attributes together; further ones are dropped and counted. */
  static final int OWN_CHARACTERS = 256 * 1024;

  /**
   * Characters of one request. A character is three bytes at most, so that a request stays under
   * the 4 MiB that gRPC servers take unless told otherwise.
   */
  static final int REQUEST_CHARACTERS = 1024 * 1024;

  /** Tags, lengths and types of one attribute in protobuf, in bytes. */
  static final int ATTRIBUTE_OVERHEAD = 10;

  /** The fixed fields of one record, in bytes. */
  static final int RECORD_OVERHEAD = 96;

  private Limits() {}

  /** Cuts a text to the limit, never between the halves of a surrogate pair. */
  static String text(String text) {
    return text(text, TEXT_CHARACTERS);
  }

  /** Cuts a list so that its texts together keep the limit. */
  static List<String> texts(List<String> texts) {
    int budget = TEXT_CHARACTERS;
    for (int i = 0; i < texts.size(); i++) {
      budget -= texts.get(i).length() + ATTRIBUTE_OVERHEAD;
      if (budget < 0) {
        return cut(texts);
      }
    }
    return texts;
  }

  static int characters(List<String> texts) {
    int sum = 0;
    for (int i = 0; i < texts.size(); i++) {
      sum += texts.get(i).length() + ATTRIBUTE_OVERHEAD;
    }
    return sum;
  }

  private static List<String> cut(List<String> texts) {
    List<String> kept = new ArrayList<>();
    int budget = TEXT_CHARACTERS;
    for (String text : texts) {
      budget -= ATTRIBUTE_OVERHEAD;
      if (budget <= 0) {
        break;
      }
      String bounded = text(text, budget);
      kept.add(bounded);
      budget -= bounded.length();
    }
    return kept;
  }

  private static String text(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end);
  }
}
