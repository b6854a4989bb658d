package dev.sallyport.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** bin/sallyport as a user calls it. */
final class Sallyport {

  static final Path ROOT = Path.of(System.getProperty("sallyport.root"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private Sallyport() {}

  /** What a call printed and returned. */
  record Result(int status, String output, String errors) {}

  /**
   * One log record of an events file.
   *
   * @param name the event's name
   * @param attributes texts and numbers as texts, lists joined by a blank
   * @param resource the same of its resource
   */
  record Event(String name, Map<String, String> attributes, Map<String, String> resource) {

    String get(String key) {
      return attributes.getOrDefault(key, "");
    }
  }

  /** Calls it with arguments. */
  static Result call(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("sallyport", ".out");
    Path errors = Files.createTempFile("sallyport", ".err");
    try {
      Process process = builder(environment, arguments, output, errors).start();
      int status = process.waitFor();
      return new Result(status, Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  static ProcessBuilder builder(
      Map<String, String> environment, List<String> arguments, Path output, Path errors) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("bin/sallyport").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
    builder.environment().putAll(environment);
    return builder;
  }

  /** Reads an events file. */
  static List<Event> events(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      for (JsonNode resourceLogs : JSON.readTree(line).path("resourceLogs")) {
        Map<String, String> resource = attributes(resourceLogs.path("resource"));
        for (JsonNode scopeLogs : resourceLogs.path("scopeLogs")) {
          for (JsonNode log : scopeLogs.path("logRecords")) {
            events.add(new Event(log.path("eventName").asText(), attributes(log), resource));
          }
        }
      }
    }
    return events;
  }

  private static Map<String, String> attributes(JsonNode owner) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (JsonNode attribute : owner.path("attributes")) {
      attributes.put(attribute.path("key").asText(), text(attribute.path("value")));
    }
    return attributes;
  }

  private static String text(JsonNode value) {
    if (value.has("arrayValue")) {
      List<String> texts = new ArrayList<>();
      value.path("arrayValue").path("values").forEach(each -> texts.add(text(each)));
      return String.join(" ", texts);
    }
    return value.elements().next().asText();
  }
}
