package dev.sallyport.agent.report;

/**
 * Makes a job-controlled text safe to look at: one line, no character that hides, moves, reorders
 * or colours what stands around it.
 *
 * <p>Escapes read as in most programming languages: {@code \n}, {@code \x1b}, {@code \u202e}. This
 * does not make a text safe for HTML or Markdown: their writers do that on top.
 */
final class Visible {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Visible() {}

  /** {@return the text with everything invisible spelled out} The same object when all is plain. */
  static String of(String text) {
    int length = text.length();
    int index = 0;
    while (index < length) {
      int codePoint = text.codePointAt(index);
      if (mustSpellOut(codePoint) || startsOldCommand(text, index)) {
        return spellOut(text, index);
      }
      index += Character.charCount(codePoint);
    }
    return text;
  }

  private static String spellOut(String text, int from) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, from);
    int length = text.length();
    int index = from;
    while (index < length) {
      int codePoint = text.codePointAt(index);
      if (startsOldCommand(text, index)) {
        out.append("##\\x5b");
        index += 3;
        continue;
      }
      if (mustSpellOut(codePoint)) {
        append(out, codePoint);
      } else {
        out.appendCodePoint(codePoint);
      }
      index += Character.charCount(codePoint);
    }
    return out.toString();
  }

  // GitHub's runner obeys "##[command]" anywhere in a line of a log; "::command" only at its start,
  // where no text of a job's ever stands.
  private static boolean startsOldCommand(String text, int index) {
    return text.charAt(index) == '#' && text.startsWith("##[", index);
  }

  private static boolean mustSpellOut(int codePoint) {
    if (codePoint < 0x7f) {
      return codePoint < 0x20;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, // C1 is a terminal's escape sequences in one character
          Character.FORMAT, // bidi overrides, zero-width characters, tags
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE, // half a pair: not a character
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      // Spaces that are none to a shell, and fillers that show nothing.
      case Character.SPACE_SEPARATOR -> true;
      default ->
          (codePoint >= 0xfe00 && codePoint <= 0xfe0f)
              || (codePoint >= 0xe0100 && codePoint <= 0xe01ef)
              || codePoint == 0x034f
              || codePoint == 0x115f
              || codePoint == 0x1160
              || codePoint == 0x2800
              || codePoint == 0x3164
              || codePoint == 0xffa0;
    };
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (codePoint < 0x100) {
          hex(out.append("\\x"), codePoint, 2);
        } else if (codePoint < 0x10000) {
          hex(out.append("\\u"), codePoint, 4);
        } else {
          hex(out.append("\\U"), codePoint, 8);
        }
      }
    }
  }

  private static void hex(StringBuilder out, int value, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      out.append(HEX[(value >>> shift) & 0xf]);
    }
  }
}
