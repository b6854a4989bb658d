package dev.sallyport.testkit.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The access log: one JSON object a line, written by the servers' process, read by the tests'. */
final class AccessLog {
  static final String FILE = "access.jsonl";
  private static final JsonFactory JSON = new JsonFactory();

  private final FileChannel channel;

  AccessLog(Path folder) throws IOException {
    channel =
        FileChannel.open(
            folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Writes a whole line at once; safe from any thread. */
  void add(AccessRecord entry) {
    try {
      StringWriter line = new StringWriter();
      try (JsonGenerator json = JSON.createGenerator(line)) {
        write(json, entry);
      }
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      synchronized (channel) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      // Without its log the lab proves nothing: better no answer than an unrecorded one.
      throw new UncheckedIOException(e);
    }
  }

  /** All records so far, oldest first; a line that is being written is left for the next call. */
  static List<AccessRecord> read(Path folder) throws IOException {
    List<AccessRecord> entries = new ArrayList<>();
    String text = Files.readString(folder.resolve(FILE));
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    for (String line : whole.lines().toList()) {
      entries.add(parse(line));
    }
    return List.copyOf(entries);
  }

  private static void write(JsonGenerator json, AccessRecord entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("at", entry.at().toString());
    json.writeStringField("kind", entry.kind().name());
    json.writeStringField("protocol", entry.protocol());
    json.writeStringField("local", entry.local());
    json.writeStringField("remote", entry.remote());
    json.writeStringField("serverName", entry.serverName());
    json.writeStringField("host", entry.host());
    json.writeStringField("method", entry.method());
    json.writeStringField("path", entry.path());
    json.writeNumberField("status", entry.status());
    json.writeNumberField("bytes", entry.bytes());
    json.writeEndObject();
  }

  private static AccessRecord parse(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.put(name, json.getText());
      }
    }
    return new AccessRecord(
        Instant.parse(field(fields, "at")),
        AccessRecord.Kind.valueOf(field(fields, "kind")),
        field(fields, "protocol"),
        field(fields, "local"),
        field(fields, "remote"),
        field(fields, "serverName"),
        field(fields, "host"),
        field(fields, "method"),
        field(fields, "path"),
        Integer.parseInt(field(fields, "status")),
        Long.parseLong(field(fields, "bytes")));
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new LabException(FILE + ": a record without \"" + name + "\": " + fields);
    }
    return value;
  }
}
