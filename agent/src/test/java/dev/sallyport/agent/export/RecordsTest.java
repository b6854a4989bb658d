package dev.sallyport.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.util.JsonFormat;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.ObservedEvent;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver reads of an event, over gRPC and in the file. */
@Timeout(120)
class RecordsTest {

  private static final String HOSTILE =
      "\u0000\n\"\\</script>\u001b[31m%s${jndi:x} \u202e \uD83D\uDE00 ünï";

  @TempDir Path directory;

  @Test
  void recordCarriesIdentityOfJobStepAndProcess() throws Exception {
    TestEvents events = new TestEvents();
    ProcessNode shell = events.process(7, null, "/usr/bin/bash");
    ProcessNode fork = events.process(8, shell, "/usr/bin/bash", true);
    ProcessNode curl = events.process(9, fork, "/usr/bin/curl");
    ExportLogsServiceRequest request = sent(List.of(events.connect(shell), events.connect(curl)));

    ResourceLogs resource = request.getResourceLogs(0);
    assertThat(request.getResourceLogsCount()).isEqualTo(1);
    assertThat(texts(resource.getResource().getAttributesList()))
        .containsEntry("service.name", "sallyport-agent")
        .containsEntry("service.version", "1.2.3")
        .containsEntry("deployment", "a b")
        .containsEntry("cicd.pipeline.name", "build")
        .containsEntry("cicd.pipeline.run.id", "4711")
        .containsEntry("cicd.worker.name", "runner-7")
        .containsEntry("vcs.repository.name", "widgets")
        .containsEntry("vcs.owner.name", "octo")
        .containsEntry("vcs.repository.url.full", "https://ci.example/octo/widgets")
        .containsEntry("vcs.ref.head.revision", "0123456789abcdef0123456789abcdef01234567")
        .containsKeys("host.name", "service.instance.id", "cicd.pipeline.run.url.full");

    LogRecord record = resource.getScopeLogs(0).getLogRecords(1);
    assertThat(record.getEventName()).isEqualTo("sallyport.network.connect");
    assertThat(record.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_INFO);
    assertThat(record.getTimeUnixNano()).isEqualTo(TestEvents.START + 2_000_000);
    assertThat(record.getObservedTimeUnixNano()).isEqualTo(TestEvents.START + 2_005_000);
    assertThat(record.getTraceId().size()).isEqualTo(16);
    assertThat(record.getSpanId().size()).isEqualTo(8);
    assertThat(record.getDroppedAttributesCount()).isZero();
    assertThat(texts(record.getAttributesList()))
        .containsEntry("cicd.pipeline.task.name", "test (linux)")
        .containsEntry("sallyport.job.id", "123456789abcdef0")
        .containsEntry("sallyport.run.attempt", "2")
        .containsEntry("sallyport.step.id", "1")
        .containsEntry("sallyport.step.name", "Run tests")
        .containsEntry("sallyport.step.index", "3")
        .containsEntry("sallyport.sequence", "2")
        .containsEntry("process.pid", "1009")
        .containsEntry("process.parent_pid", "1008")
        .containsEntry("process.creation.time", "2026-09-21T14:13:20Z")
        .containsEntry("process.executable.path", "/usr/bin/curl")
        .containsEntry("process.executable.name", "curl")
        .containsEntry("process.command_args", "[/usr/bin/curl, --flag, value]")
        .containsEntry("process.user.id", "1001")
        .containsEntry("process.working_directory", "/home/runner/work/widgets")
        .containsEntry("sallyport.process.ancestors", "[/usr/bin/bash]")
        .containsEntry("network.peer.port", "443")
        .containsEntry("sallyport.verdict", "allowed");
  }

  @Test
  void hostileTextsArriveAsTheyAreAndCannotPassForTheIdentity() throws Exception {
    TestEvents events = new TestEvents();
    ProcessNode process = events.process(7, null, "/tmp/" + HOSTILE);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("x.text", HOSTILE);
    attributes.put("sallyport.job.id", "another");
    attributes.put("x.long", "€".repeat(1_000_000));
    ObservedEvent event =
        events.event(1, process, new TestEvents.Named("vendor." + HOSTILE, attributes));

    LogRecord record = sent(List.of(event)).getResourceLogs(0).getScopeLogs(0).getLogRecords(0);

    assertThat(record.getEventName()).isEqualTo("vendor." + HOSTILE);
    assertThat(texts(record.getAttributesList()))
        .containsEntry("x.text", HOSTILE)
        .containsEntry("process.executable.path", "/tmp/" + HOSTILE)
        .containsEntry("sallyport.job.id", "123456789abcdef0")
        .containsEntry("x.long", "€".repeat(Limits.TEXT_CHARACTERS));
    assertThat(record.getDroppedAttributesCount()).isEqualTo(1);
  }

  @Test
  void jobThatIsBetterKnownLaterIsToldSoFromThenOn() throws Exception {
    TestEvents events = new TestEvents();
    events.job.identify(dev.sallyport.spi.runner.JobIdentity.UNKNOWN);
    RecordMapper mapper = new RecordMapper(TestEvents.AGENT.resource());
    EventRecord before = new EventRecord(new AttributeNames());
    mapper.map(events.connect(null), before);
    events.job.identify(TestEvents.IDENTITY);
    EventRecord after = new EventRecord(new AttributeNames());
    mapper.map(events.connect(null), after);
    EventRecord again = new EventRecord(new AttributeNames());
    mapper.map(events.connect(null), again);

    assertThat(before.getResource().getAttribute(SemanticConventions.PIPELINE_NAME)).isNull();
    assertThat(after.getResource().getAttribute(SemanticConventions.PIPELINE_NAME))
        .isEqualTo("build");
    assertThat(again.getResource()).isSameAs(after.getResource());
  }

  @Test
  void fileHoldsTheSameRequestsAsJson() throws Exception {
    Path file = directory.resolve("events.json");
    TestEvents events = new TestEvents();
    ProcessNode process = events.process(7, null, "/tmp/" + HOSTILE);
    List<ObservedEvent> all = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      all.add(events.connect(process));
    }
    EventsFile.Opening opening = EventsFile.open(file.toString(), TestEvents.AGENT);
    assertThat(opening).isInstanceOf(EventsFile.Opened.class);
    EventsFile out = ((EventsFile.Opened) opening).file();
    all.forEach(out::accept);
    OtelExportTest.until(() -> file.toFile().length() > 0); // before the end, within a second
    out.finish(Duration.ofSeconds(10));
    assertThat(out.losses()).isEmpty();

    List<LogRecord> written = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSizeGreaterThanOrEqualTo(3);
    for (String line : lines) {
      JsonObject json = JsonParser.parseString(line).getAsJsonObject();
      ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
      JsonFormat.parser().merge(base64Ids(json).toString(), request);
      request
          .getResourceLogsList()
          .forEach(logs -> written.addAll(logs.getScopeLogs(0).getLogRecordsList()));
    }
    List<LogRecord> expected = new ArrayList<>();
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      send(receiver, all);
      expected.addAll(receiver.records());
    }
    expected.sort(Comparator.comparingLong(OtlpReceiver::sequence)); // requests run side by side
    assertThat(written).isEqualTo(expected);

    JsonObject first = firstRecord(lines.getFirst());
    assertThat(first.get("traceId").getAsString()).matches("[0-9a-f]{32}");
    assertThat(first.get("spanId").getAsString()).matches("[0-9a-f]{16}");
    assertThat(first.get("eventName").getAsString()).isEqualTo("sallyport.network.connect");
    assertThat(first.get("timeUnixNano").getAsJsonPrimitive().isString()).isTrue();
    assertThat(first.get("severityNumber").getAsInt()).isEqualTo(9);
  }

  @Test
  void fileThatCannotBeWrittenIsRefusedInOneLine() {
    EventsFile.Opening opening =
        EventsFile.open(directory.resolve("no/such").toString(), TestEvents.AGENT);
    assertThat(opening).isInstanceOf(EventsFile.Refused.class);
    assertThat(((EventsFile.Refused) opening).line())
        .startsWith("--events: cannot write")
        .doesNotContain("\n");
  }

  // The JSON form of OTLP writes ids in hexadecimal, where protobuf's own writes Base64.
  private static JsonObject base64Ids(JsonObject request) {
    for (JsonElement logs : request.getAsJsonArray("resourceLogs")) {
      for (JsonElement scope : logs.getAsJsonObject().getAsJsonArray("scopeLogs")) {
        for (JsonElement record : scope.getAsJsonObject().getAsJsonArray("logRecords")) {
          for (String id : List.of("traceId", "spanId")) {
            JsonObject object = record.getAsJsonObject();
            byte[] bytes = HexFormat.of().parseHex(object.get(id).getAsString());
            object.addProperty(id, Base64.getEncoder().encodeToString(bytes));
          }
        }
      }
    }
    return request;
  }

  private static JsonObject firstRecord(String line) {
    return JsonParser.parseString(line)
        .getAsJsonObject()
        .getAsJsonArray("resourceLogs")
        .get(0)
        .getAsJsonObject()
        .getAsJsonArray("scopeLogs")
        .get(0)
        .getAsJsonObject()
        .getAsJsonArray("logRecords")
        .get(0)
        .getAsJsonObject();
  }

  private ExportLogsServiceRequest sent(List<ObservedEvent> events) throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      send(receiver, events);
      assertThat(receiver.logs).hasSize(1);
      return receiver.logs.getFirst();
    }
  }

  private void send(OtlpReceiver receiver, List<ObservedEvent> events) {
    OtelExport export =
        OtelExportTest.open(
            OtelExportTest.settings(receiver.port(), directory.resolve("spool"), Map.of()));
    events.forEach(export::accept);
    export.finish(Duration.ofSeconds(30));
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (KeyValue attribute : attributes) {
      String before = texts.put(attribute.getKey(), text(attribute.getValue()));
      assertThat(before).as("second value of " + attribute.getKey()).isNull();
    }
    return texts;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(RecordsTest::text).toList().toString();
      default -> throw new AssertionError("unexpected value " + value);
    };
  }
}
