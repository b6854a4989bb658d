package dev.sallyport.agent.report;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a text what is a secret by its looks: tokens of well-known shape, passwords in URLs,
 * authorization headers. A job's arguments may hold any of them, and a report is shown to many.
 *
 * <p>It knows shapes, not secrets: what looks like nothing special stays. Every pattern runs in
 * linear time on hostile input.
 */
final class Redaction {

  /** What stands in a secret's place. */
  static final String MARK = "[redacted]";

  // In each, what the group "keep" holds stays before the mark, so that one still sees what it was.
  private static final List<Pattern> SHAPES =
      List.of(
          Pattern.compile("(?<keep>\\bgh[opsur]_)[A-Za-z0-9]{16,}+"),
          Pattern.compile("(?<keep>\\bgithub_pat_)\\w{20,}+"),
          Pattern.compile("(?<keep>\\bglpat-)[\\w-]{16,}+"),
          Pattern.compile("(?<keep>\\bnpm_)[A-Za-z0-9]{30,}+"),
          Pattern.compile("(?<keep>\\bpypi-)[\\w-]{30,}+"),
          Pattern.compile("(?<keep>\\bxox[abeoprs]-)[\\w-]{10,}+"),
          Pattern.compile("(?<keep>\\b(?:AKIA|ASIA))[A-Z0-9]{16}\\b"),
          Pattern.compile("(?<keep>\\beyJ)[\\w-]{8,}+\\.[\\w-]{8,}+(?:\\.[\\w-]*+)?"),
          Pattern.compile(
              "(?<keep>-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]*+(?:-----END[^-]*+-----)?"),
          Pattern.compile("(?<keep>://[^\\s/:@]{0,200}+:)[^\\s/@]{1,1000}+(?=@)"),
          Pattern.compile("(?<keep>://)[^\\s/:@]{16,1000}+(?=@)"),
          Pattern.compile(
              "(?i)(?<keep>\\bauthorization\\s{0,4}+[:=]\\s{0,4}+(?:basic\\s++|bearer\\s++|token\\s++)?)"
                  + "[^\\s\"']{6,}+"),
          Pattern.compile(
              "(?i)(?<keep>(?:password|passwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token"
                  + "|private[_-]?token|access[_-]?token|_authToken|client[_-]?secret)[\"']?\\s{0,2}+[=:]\\s{0,2}+[\"']?)"
                  + "[^\\s\"'&;,]{4,}+"));

  private Redaction() {}

  /** {@return the text without what looks like a secret} */
  static String of(String text) {
    if (text.length() < 8) {
      return text;
    }
    String clean = text;
    for (Pattern shape : SHAPES) {
      Matcher matcher = shape.matcher(clean);
      if (matcher.find()) {
        clean = matcher.replaceAll("${keep}" + Matcher.quoteReplacement(MARK));
      }
    }
    return clean;
  }
}
