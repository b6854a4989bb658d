package dev.sallyport.agent.kernel;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in what libbpf and the verifier said the one line that a person needs. */
final class VerifierLog {

  private static final Pattern REFUSED =
      Pattern.compile("prog '([^']+)': (?:BPF program load failed|failed to load|failed to find)");
  private static final Pattern BEGIN = Pattern.compile("-- BEGIN PROG LOAD LOG --");
  private static final Pattern END = Pattern.compile("-- END PROG LOAD LOG --");

  private VerifierLog() {}

  /** {@return the program that could not be loaded, empty when the log names none} */
  static String refusedProgram(String log) {
    Matcher refused = REFUSED.matcher(log);
    return refused.find() ? refused.group(1) : "";
  }

  /** {@return one line that says why} */
  static String reason(String log, String program, String error) {
    String detail = verifierComplaint(log);
    if (detail.isEmpty()) {
      detail = BpfObject.lastLine(log);
    }
    String subject = program.isEmpty() ? "loading" : "program " + program;
    return detail.isEmpty()
        ? "%s: %s".formatted(subject, error)
        : "%s: %s (%s)".formatted(subject, error, detail);
  }

  /** The verifier's last words before its statistics. */
  private static String verifierComplaint(String log) {
    Matcher begin = BEGIN.matcher(log);
    Matcher end = END.matcher(log);
    if (!begin.find() || !end.find(begin.end())) {
      return "";
    }
    List<String> lines = log.substring(begin.end(), end.start()).lines().toList();
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i).replace("libbpf: ", "").strip();
      boolean statistics =
          line.startsWith("processed ")
              || line.startsWith("verification time")
              || line.startsWith("stack depth")
              || line.startsWith("--");
      if (!line.isEmpty() && !statistics) {
        return line;
      }
    }
    return "";
  }
}
