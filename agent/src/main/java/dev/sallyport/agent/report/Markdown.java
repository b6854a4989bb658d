package dev.sallyport.agent.report;

/**
 * Makes a text harmless in GitHub's Markdown, in a table's cell as anywhere else: nothing in it is
 * markup, HTML, a link, an image, a mention, a cell's end or a workflow command.
 *
 * <p>Whatever could mean something is written as a numeric character reference, which the standard
 * says never counts as structure. A code element around it keeps GitHub from finding mentions,
 * issues and addresses in the text that comes out.
 */
final class Markdown {

  private static final int MAX_CHARS = 160;

  private Markdown() {}

  /** {@return the text, shortened, in a code element} */
  static String code(String text) {
    return "<code>" + text(text.isEmpty() ? " " : text) + "</code>";
  }

  /** {@return the text, shortened, with nothing in it that means anything} */
  static String text(String text) {
    String shown = Visible.of(Texts.shorten(text, MAX_CHARS));
    StringBuilder out = new StringBuilder(shown.length() + 32);
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (isHarmless(c) || (c == '.' && !afterWww(shown, i))) {
        out.append(c);
      } else {
        out.append("&#").append((int) c).append(';');
      }
    }
    return out.toString();
  }

  private static boolean isHarmless(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == ' '
        || c == '/'
        || c == ','
        || c == '%'
        || c == '-'
        || c == '='
        || c > 0x7f;
  }

  // "www." begins a link of its own in GitHub's Markdown.
  private static boolean afterWww(String text, int dot) {
    return dot >= 3 && text.regionMatches(true, dot - 3, "www", 0, 3);
  }
}
