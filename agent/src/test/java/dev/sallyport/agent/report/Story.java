package dev.sallyport.agent.report;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.EventConsumer;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.event.Severity;
import dev.sallyport.spi.runner.JobIdentity;
import dev.sallyport.spi.runner.StepIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells consumers a job's events, in a few words each. */
final class Story {

  static final long START = 1_790_000_000_000_000_000L;
  static final long MILLI = 1_000_000L;

  final JobContext job;
  private final List<? extends EventConsumer> consumers;
  private long now = START;
  private long sequence;
  private long nextExecId = 1000;
  private int nextPid = 4200;
  private int step;
  private Object[] remarkable = {};

  Story(JobIdentity identity, EventConsumer... consumers) {
    this.job = new JobContext(0x5a11b0a7L, START, identity);
    this.consumers = List.of(consumers);
  }

  Story(EventConsumer... consumers) {
    this(JobIdentity.UNKNOWN, consumers);
  }

  /** An event of any name. */
  record Told(String name, Severity severity, Map<String, Object> attributes)
      implements ProbeEvent {
    @Override
    @SuppressWarnings("unchecked") // lists are made of texts only
    public void describe(AttributeSink sink) {
      attributes.forEach((key, value) -> {
        switch (value) {
          case String text -> sink.put(key, text);
          case Integer number -> sink.put(key, number.longValue());
          case Long number -> sink.put(key, number);
          case Boolean flag -> sink.put(key, flag);
          case List<?> list -> sink.put(key, (List<String>) list);
          default -> throw new IllegalArgumentException(key + " is a " + value.getClass());
        }
      });
    }
  }

  Story later(long millis) {
    now += millis * MILLI;
    return this;
  }

  /** What follows happens in this step. */
  Story inStep(int id, @Nullable String name) {
    step = id;
    job.identifyStep(new StepIdentity(id, name, id));
    return this;
  }

  Story send(String probe, @Nullable ProcessNode process, ProbeEvent event) {
    ObservedEvent observed =
        new ObservedEvent(++sequence, now, now, probe, job, job.step(step), process, event);
    consumers.forEach(consumer -> consumer.accept(observed));
    return this;
  }

  Story send(String probe, @Nullable ProcessNode process, String name, Object... attributes) {
    return send(probe, process, Severity.INFO, name, attributes);
  }

  Story send(
      String probe,
      @Nullable ProcessNode process,
      Severity severity,
      String name,
      Object... attributes) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      map.put((String) attributes[i], attributes[i + 1]);
    }
    return send(probe, process, new Told(name, severity, map));
  }

  /** The next exec has these attributes too. */
  Story remarkable(Object... attributes) {
    remarkable = attributes;
    return this;
  }

  /** A process forks and executes; the copy in between is silent. */
  ProcessNode exec(@Nullable ProcessNode parent, String executable, String... arguments) {
    return execAs(1001, fork(parent), executable, arguments);
  }

  ProcessNode execAs(
      int user, @Nullable ProcessNode before, String executable, String... arguments) {
    int pid = before != null && before.image().forked() ? before.pid() : nextPid++;
    if (before != null && before.image().forked()) {
      before.ended(new ProcessNode.Exit(now, 0, 0, true));
    }
    ProcessNode node =
        new ProcessNode(
            nextExecId++,
            pid,
            before == null ? 1 : before.parentPid(),
            now,
            before,
            new ProcessNode.Image(
                executable,
                List.of(arguments),
                false,
                "/home/runner/work/shop/shop",
                user,
                user,
                false,
                now));
    Object[] attributes = remarkable;
    remarkable = new Object[] {};
    send("process", node, "sallyport.process.exec", attributes);
    return node;
  }

  /** A copy that has said nothing yet; null of null. */
  @Nullable ProcessNode fork(@Nullable ProcessNode parent) {
    return parent == null
        ? null
        : new ProcessNode(
            nextExecId++,
            nextPid++,
            parent.pid(),
            now,
            parent,
            new ProcessNode.Image(
                parent.image().executable(),
                parent.image().arguments(),
                false,
                parent.image().workingDirectory(),
                parent.image().userId(),
                parent.image().groupId(),
                true,
                now));
  }

  /** The process goes on as another program. */
  ProcessNode replace(ProcessNode before, String executable, String... arguments) {
    before.ended(new ProcessNode.Exit(now, 0, 0, true));
    ProcessNode node =
        new ProcessNode(
            nextExecId++,
            before.pid(),
            before.parentPid(),
            before.startUnixNanos(),
            before,
            new ProcessNode.Image(
                executable,
                List.of(arguments),
                false,
                before.image().workingDirectory(),
                before.image().userId(),
                before.image().groupId(),
                false,
                now));
    send("process", node, "sallyport.process.exec");
    return node;
  }

  Story exit(ProcessNode process, long afterMillis, int code) {
    later(afterMillis);
    process.ended(new ProcessNode.Exit(now, code, 0, false));
    return send("process", process, "sallyport.process.exit", "process.exit.code", code);
  }

  Story killed(ProcessNode process, long afterMillis, int signal) {
    later(afterMillis);
    process.ended(new ProcessNode.Exit(now, 0, signal, false));
    return send("process", process, "sallyport.process.exit", "process.exit.code", 128 + signal);
  }

  Story asks(ProcessNode process, String name, String type, String... answers) {
    return send(
        "network",
        process,
        "sallyport.dns.query",
        "dns.question.name",
        name,
        "sallyport.dns.type",
        type,
        "dns.answers",
        List.of(answers),
        "sallyport.dns.resolver",
        "10.1.0.53",
        "sallyport.dns.response_code",
        answers.length == 0 ? "NXDOMAIN" : "NOERROR");
  }

  Story connects(
      ProcessNode process,
      @Nullable String name,
      String address,
      int port,
      @Nullable String verdict,
      long sent,
      long received) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("network.transport", port == 53 ? "udp" : "tcp");
    map.put("network.type", address.indexOf(':') >= 0 ? "ipv6" : "ipv4");
    map.put("network.peer.address", address);
    map.put("network.peer.port", port);
    if (name != null) {
      map.put("server.address", name);
    }
    if (verdict != null) {
      map.put("sallyport.verdict", verdict);
    }
    map.put("sallyport.network.connections", 1);
    map.put("sallyport.network.bytes_sent", sent);
    map.put("sallyport.network.bytes_received", received);
    map.put("sallyport.network.result", "blocked".equals(verdict) ? "refused" : "established");
    return send("network", process, new Told("sallyport.network.connect", Severity.INFO, map));
  }

  Story greets(ProcessNode process, String serverName, String address, int port) {
    return send(
        "network",
        process,
        "sallyport.tls.client_hello",
        "tls.client.server_name",
        serverName,
        "sallyport.tls.alpn",
        List.of("h2", "http/1.1"),
        "network.peer.address",
        address,
        "network.peer.port",
        port);
  }

  Story finds(@Nullable ProcessNode process, Severity severity, String rule, String... evidence) {
    return send(
        "agent",
        process,
        severity,
        "sallyport.finding",
        "security_rule.name",
        rule,
        "security_rule.category",
        "network",
        "sallyport.finding.evidence",
        List.of(evidence));
  }

  Story stepEnds(String result) {
    return send("agent", null, "sallyport.step.ended", "cicd.pipeline.task.run.result", result);
  }

  Story jobEnds(String result) {
    step = 0;
    return send("agent", null, "sallyport.job.ended", "cicd.pipeline.result", result);
  }
}
