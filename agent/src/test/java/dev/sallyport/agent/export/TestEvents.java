package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.JobContext;
import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.LossSource;
import dev.sallyport.agent.pipeline.ObservedEvent;
import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import dev.sallyport.spi.runner.JobIdentity;
import dev.sallyport.spi.runner.StepIdentity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as the pipeline gives them. */
final class TestEvents {

  static final long START = 1_790_000_000_000_000_000L;

  static final JobIdentity IDENTITY =
      new JobIdentity(
          "octo/widgets",
          "build",
          "test (linux)",
          "4711",
          2,
          "https://ci.example/octo/widgets/actions/runs/4711",
          "refs/heads/main",
          "0123456789abcdef0123456789abcdef01234567",
          "runner-7");

  static final AgentIdentity AGENT =
      AgentIdentity.create("1.2.3", Map.of("OTEL_RESOURCE_ATTRIBUTES", "deployment=a%20b"));

  static final AgentGauges GAUGES =
      new AgentGauges() {
        @Override
        public double ringUsage() {
          return 0.25;
        }

        @Override
        public List<LossSource> lossSources() {
          return List.of(
              () -> List.of(new dev.sallyport.agent.pipeline.Loss("network", "*", "ring", 3)));
        }
      };

  final JobContext job;
  private long sequence;
  private long now = START;

  TestEvents() {
    this(0x1234_5678_9abc_def0L);
  }

  TestEvents(long jobId) {
    job = new JobContext(jobId, START, IDENTITY);
    job.identifyStep(new StepIdentity(1, "Run tests", 3));
  }

  ProcessNode process(long execId, @Nullable ProcessNode parent, String executable) {
    return process(execId, parent, executable, false);
  }

  ProcessNode process(
      long execId, @Nullable ProcessNode parent, String executable, boolean forked) {
    return new ProcessNode(
        execId,
        (int) (1000 + execId),
        parent == null ? 1 : parent.pid(),
        START,
        parent,
        new ProcessNode.Image(
            executable,
            List.of(executable, "--flag", "value"),
            false,
            "/home/runner/work/widgets",
            1001,
            1001,
            forked,
            now));
  }

  ObservedEvent event(int step, @Nullable ProcessNode process, ProbeEvent event) {
    now += 1_000_000;
    return new ObservedEvent(
        ++sequence, now, now + 5_000, "network", job, job.step(step), process, event);
  }

  ObservedEvent connect(@Nullable ProcessNode process) {
    return event(1, process, new Connect("example.com"));
  }

  /** A connection, as the network probe tells it. */
  record Connect(String name) implements ProbeEvent {
    @Override
    public String name() {
      return "sallyport.network.connect";
    }

    @Override
    public void describe(AttributeSink sink) {
      sink.put("network.transport", "tcp");
      sink.put("network.type", "ipv4");
      sink.put("network.peer.address", "203.0.113.7");
      sink.put("network.peer.port", 443);
      sink.put("server.address", name);
      sink.put("sallyport.verdict", "allowed");
      sink.put("sallyport.policy.rule", "example.com:443");
    }
  }

  /** An event with a name and some attributes. */
  record Named(String name, Map<String, String> attributes) implements ProbeEvent {
    @Override
    public void describe(AttributeSink sink) {
      attributes.forEach(sink::put);
    }
  }
}
