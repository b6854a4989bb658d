package dev.sallyport.agent.report;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Texts as the report shows them: cut, quoted, counted. */
final class Texts {

  private Texts() {}

  /** {@return the text, or its beginning and how much is missing} */
  static String clip(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
    return text.substring(0, end) + "… (+" + grouped(text.length() - end) + " characters)";
  }

  /** {@return the text, or its beginning and an ellipsis, in so many characters} */
  static String shorten(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int end = chars - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /** {@return the text with U+FFFD for each half of a surrogate pair, which no encoding has} */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
      }
    }
    return text;
  }

  /** {@return the items with commas between them, the first so many} */
  static String join(List<?> items, int max) {
    StringBuilder joined = new StringBuilder();
    int shown = Math.min(items.size(), max);
    for (int i = 0; i < shown; i++) {
      joined.append(i == 0 ? "" : ", ").append(items.get(i));
    }
    if (items.size() > shown) {
      joined.append(", … (").append(items.size() - shown).append(" more)");
    }
    return joined.toString();
  }

  /** {@return a command line in which one sees where each argument begins and ends} */
  static String commandLine(List<String> arguments) {
    StringBuilder line = new StringBuilder();
    for (String argument : arguments) {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      line.append(isPlain(argument) ? argument : "'" + argument.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  private static boolean isPlain(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (!Character.isLetterOrDigit(c) && "-_./:=,+@%^".indexOf(c) < 0) {
        return false;
      }
    }
    return !argument.isEmpty();
  }

  /** {@return a count with its noun: {@code 1 process}, {@code 1,204 processes}} */
  static String count(long count, String one, String many) {
    return grouped(count) + " " + (count == 1 ? one : many);
  }

  /** {@return a number with its thousands apart} */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
