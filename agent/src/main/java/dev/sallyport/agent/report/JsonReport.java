package dev.sallyport.agent.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.sallyport.agent.pipeline.Loss;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes report.json, whose fields docs/report.md describes. Values are what they were, in pure
 * ASCII: whoever prints the file to a terminal or a log sees escapes, not their effects.
 */
final class JsonReport {

  /** Grows when a field changes its meaning or goes away; not when one is added. */
  static final int SCHEMA_VERSION = 1;

  private final JsonGenerator json;

  private JsonReport(JsonGenerator json) {
    this.json = json;
  }

  /** Writes a report. The writer stays open. */
  static void write(ReportView view, Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.setHighestNonEscapedChar('~');
      json.setCharacterEscapes(new LogSafe());
      new JsonReport(json).report(view);
    }
    out.write('\n');
  }

  private void report(ReportView view) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema_version", SCHEMA_VERSION);
    job(view.job());
    totals(view.totals());
    findings(view.findings());
    steps(view.steps());
    processes(view.roots());
    destinations(view.destinations());
    questions(view.questions());
    sockets("listening_sockets", List.of("transport", "local", ""), view.listening());
    sockets("accepted_connections", List.of("transport", "local", "peer"), view.accepted());
    sockets("raw_sockets", List.of("family", "type", "protocol"), view.raw());
    others(view.others());
    json.writeArrayFieldStart("coverage_gaps");
    for (ReportView.Gap gap : view.gaps()) {
      json.writeStartObject();
      json.writeStringField("probe", gap.probe());
      json.writeStringField("reason", gap.reason());
      time("since", gap.sinceNanos());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("losses");
    for (Loss loss : view.losses()) {
      json.writeStartObject();
      json.writeStringField("probe", loss.probe());
      json.writeStringField("event", loss.event());
      json.writeStringField("reason", loss.reason());
      json.writeNumberField("count", loss.count());
      json.writeEndObject();
    }
    json.writeEndArray();
    counts("events_by_probe", view.eventsByProbe());
    strings("omissions", view.omissions());
    json.writeEndObject();
  }

  private void job(ReportView.Job job) throws IOException {
    json.writeObjectFieldStart("job");
    json.writeStringField("id", job.id());
    optional("repository", job.repository());
    optional("workflow", job.workflow());
    optional("name", job.name());
    optional("run_id", job.runId());
    json.writeNumberField("run_attempt", job.runAttempt());
    optional("run_url", job.runUrl());
    optional("ref", job.ref());
    optional("revision", job.revision());
    optional("runner", job.runner());
    json.writeStringField("result", job.result());
    time("started", job.startNanos());
    time("ended", job.endNanos());
    json.writeNumberField("duration_ns", job.durationNanos());
    json.writeEndObject();
  }

  private void totals(ReportView.Totals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeNumberField("events", totals.events());
    json.writeNumberField("processes", totals.processes());
    json.writeNumberField("failed_processes", totals.failedProcesses());
    json.writeNumberField("destinations", totals.destinations());
    json.writeNumberField("connections", totals.connections());
    json.writeNumberField("blocked", totals.blocked());
    json.writeNumberField("would_block", totals.wouldBlock());
    json.writeNumberField("dns_names", totals.questions());
    json.writeNumberField("findings", totals.findings());
    json.writeNumberField("coverage_gaps", totals.gaps());
    json.writeNumberField("lost", totals.lost());
    json.writeEndObject();
  }

  private void findings(List<ReportView.Finding> findings) throws IOException {
    json.writeArrayFieldStart("findings");
    for (ReportView.Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("rule", finding.rule());
      json.writeStringField("category", finding.category());
      json.writeStringField("severity", finding.severity());
      time("time", finding.nanos());
      json.writeStringField("step", finding.step());
      actor("process", finding.actor());
      strings("evidence", finding.evidence());
      attributes(finding.attributes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void steps(List<ReportView.Step> steps) throws IOException {
    json.writeArrayFieldStart("steps");
    for (ReportView.Step step : steps) {
      json.writeStartObject();
      json.writeNumberField("id", step.id());
      optional("name", step.name());
      json.writeNumberField("index", step.index());
      optional("result", step.result());
      time("started", step.startNanos());
      time("ended", step.endNanos());
      json.writeNumberField("duration_ns", step.durationNanos());
      json.writeNumberField("processes", step.processes());
      json.writeNumberField("events", step.events());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  // Flat, parents before children: a tree may be deeper than a reader's stack.
  private void processes(List<ReportView.Image> roots) throws IOException {
    json.writeArrayFieldStart("processes");
    Deque<ReportView.Image> waiting = new ArrayDeque<>(roots);
    while (!waiting.isEmpty()) {
      ReportView.Image process = waiting.pop();
      process(process);
      for (int i = process.children().size() - 1; i >= 0; i--) {
        waiting.push(process.children().get(i));
      }
    }
    json.writeEndArray();
  }

  private void process(ReportView.Image process) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id(process.execId()));
    if (process.parentExecId() == 0) {
      json.writeNullField("parent");
    } else {
      json.writeStringField("parent", id(process.parentExecId()));
    }
    json.writeNumberField("step", process.stepId());
    json.writeNumberField("pid", process.pid());
    json.writeNumberField("parent_pid", process.parentPid());
    json.writeStringField("executable", process.executable());
    strings("arguments", process.arguments());
    json.writeBooleanField("arguments_cut", process.argumentsCut());
    json.writeStringField("working_directory", process.directory());
    json.writeNumberField("user", process.user());
    json.writeNumberField("group", process.group());
    json.writeBooleanField("forked", process.forked());
    time("started", process.startNanos());
    if (process.ended()) {
      json.writeNumberField("duration_ns", process.durationNanos());
    } else {
      json.writeNullField("duration_ns");
    }
    if (process.exitCode() >= 0) {
      json.writeNumberField("exit_code", process.exitCode());
    } else {
      json.writeNullField("exit_code");
    }
    json.writeNumberField("signal", process.signal());
    json.writeBooleanField("replaced", process.replaced());
    strings("flags", process.flags());
    strings("destinations", process.contacts().stream().map(ReportView.Contact::label).toList());
    json.writeNumberField("findings", process.findings());
    json.writeEndObject();
  }

  private void destinations(List<ReportView.Destination> destinations) throws IOException {
    json.writeArrayFieldStart("destinations");
    for (ReportView.Destination destination : destinations) {
      json.writeStartObject();
      json.writeStringField("name", destination.name());
      json.writeBooleanField("named", destination.named());
      json.writeNumberField("port", destination.port());
      json.writeStringField("transport", destination.transport());
      json.writeStringField("verdict", destination.verdict());
      counts("verdicts", destination.verdicts());
      strings("policy_rules", destination.rules());
      strings("addresses", destination.addresses());
      strings("tls_server_names", destination.serverNames());
      json.writeNumberField("tls_hellos_without_name", destination.hellosWithoutName());
      strings("alpn", destination.alpn());
      counts("results", destination.results());
      json.writeNumberField("connections", destination.connections());
      json.writeNumberField("bytes_sent", destination.sent());
      json.writeNumberField("bytes_received", destination.received());
      time("first", destination.firstNanos());
      time("last", destination.lastNanos());
      json.writeNumberField("process_count", destination.processes());
      actors(destination.actors());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void questions(List<ReportView.Question> questions) throws IOException {
    json.writeArrayFieldStart("dns_queries");
    for (ReportView.Question question : questions) {
      json.writeStartObject();
      json.writeStringField("name", question.name());
      json.writeStringField("type", question.type());
      json.writeStringField("verdict", question.verdict());
      json.writeNumberField("count", question.count());
      strings("answers", question.answers());
      strings("response_codes", question.codes());
      strings("resolvers", question.resolvers());
      time("first", question.firstNanos());
      actors(question.actors());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void sockets(String field, List<String> names, List<ReportView.Socket> sockets)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (ReportView.Socket socket : sockets) {
      json.writeStartObject();
      json.writeStringField(names.get(0), socket.first());
      json.writeStringField(names.get(1), socket.second());
      if (!names.get(2).isEmpty()) {
        json.writeStringField(names.get(2), socket.third());
      }
      json.writeNumberField("count", socket.count());
      time("first", socket.firstNanos());
      actors(socket.actors());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void others(List<ReportView.Other> others) throws IOException {
    json.writeArrayFieldStart("other_events");
    for (ReportView.Other other : others) {
      json.writeStartObject();
      json.writeStringField("name", other.name());
      json.writeStringField("probe", other.probe());
      json.writeNumberField("count", other.count());
      json.writeArrayFieldStart("examples");
      for (ReportView.Example example : other.examples()) {
        json.writeStartObject();
        time("time", example.nanos());
        json.writeStringField("severity", example.severity());
        json.writeStringField("step", example.step());
        actor("process", example.actor());
        attributes(example.attributes());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void actors(ReportView.Actors actors) throws IOException {
    json.writeArrayFieldStart("processes");
    for (ReportView.Actor actor : actors.processes()) {
      writeActor(actor);
    }
    json.writeEndArray();
    strings("steps", actors.steps());
  }

  private void actor(String field, ReportView.@Nullable Actor actor) throws IOException {
    json.writeFieldName(field);
    if (actor == null) {
      json.writeNull();
    } else {
      writeActor(actor);
    }
  }

  private void writeActor(ReportView.Actor actor) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id(actor.execId()));
    json.writeNumberField("pid", actor.pid());
    json.writeStringField("name", actor.name());
    json.writeNumberField("step", actor.stepId());
    json.writeEndObject();
  }

  private void attributes(Map<String, String> attributes) throws IOException {
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      json.writeStringField(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
  }

  private void counts(String field, Map<String, Long> counts) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  private void strings(String field, List<String> texts) throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private void optional(String field, @Nullable String text) throws IOException {
    if (text == null) {
      json.writeNullField(field);
    } else {
      json.writeStringField(field, text);
    }
  }

  private void time(String field, long unixNanos) throws IOException {
    json.writeStringField(field, Units.iso(unixNanos));
  }

  // Numbers of 64 bits lose their end in many a JSON reader: so a text.
  private static String id(long execId) {
    return Long.toUnsignedString(execId, 16);
  }

  /** Escapes also what starts a command in a log ("##[") or a tag, should the file be embedded. */
  private static final class LogSafe extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    private final int[] ascii;

    private LogSafe() {
      ascii = standardAsciiEscapesForJSON();
      ascii['#'] = ESCAPE_STANDARD;
      ascii['<'] = ESCAPE_STANDARD;
      ascii[0x7f] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int ch) {
      return ch > 0x7f ? null : new SerializedString(String.format("\\u%04x", ch));
    }
  }
}
