package dev.sallyport.agent.export;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How many events a second go from {@code accept} to a receiver in another process. Run by hand:
 *
 * <pre>ExportThroughput EVENTS [RATE [parse|discard]]</pre>
 *
 * RATE 0 (the default) is as fast as the queue takes them; {@code parse} (the default) makes the
 * receiver decode each request as a real one would, {@code discard} only reads the bytes.
 */
final class ExportThroughput {

  private static final int PROCESSES = 64;

  private ExportThroughput() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("receiver")) {
      receive(arguments[1].equals("parse"));
      return;
    }
    long events = Long.parseLong(arguments[0]);
    long rate = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    String mode = arguments.length > 2 ? arguments[2] : "parse";
    Process receiver = receiver(mode);
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8));
      int port = Integer.parseInt(out.readLine());
      run(events / 4, rate, port, "warm-up");
      run(events, rate, port, mode);
    } finally {
      receiver.destroyForcibly();
    }
  }

  private static void run(long events, long rate, int port, String label) throws Exception {
    Path spool = Files.createTempDirectory("throughput");
    ExportSettings settings =
        ((ExportSettings.Enabled)
                ExportSettings.fromEnvironment(
                    Map.of("OTEL_METRICS_EXPORTER", "none"),
                    "http://127.0.0.1:" + port,
                    spool.resolve("spool")))
            .settings();
    OtelExport export =
        ((OtelExport.Opened) OtelExport.open(settings, TestEvents.AGENT, TestEvents.GAUGES))
            .export();
    TestEvents source = new TestEvents();
    List<ProcessNode> processes = processes(source);

    long cpuBefore = cpuNanos();
    long start = System.nanoTime();
    for (long i = 0; i < events; i++) {
      if (rate > 0) {
        long due = start + i * TimeUnit.SECONDS.toNanos(1) / rate;
        while (due - System.nanoTime() > 1_000_000) {
          LockSupport.parkNanos(1_000_000);
        }
      } else if ((i & 1023) == 0) {
        while (export.queued() > settings.queueCapacity() / 4) {
          LockSupport.parkNanos(200_000);
        }
      }
      export.accept(source.connect(processes.get((int) (i / 16 % PROCESSES))));
    }
    export.finish(Duration.ofSeconds(60));
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = (cpuNanos() - cpuBefore) / 1e9;
    long lost = export.losses().stream().mapToLong(Loss::count).sum();
    System.out.printf(
        Locale.ROOT,
        "%s: %,d events in %.2f s = %,.0f events/s; sender CPU %.2f s = %.2f µs/event;"
            + " lost %,d; %s%n",
        label,
        events,
        seconds,
        events / seconds,
        cpu,
        cpu * 1e6 / events,
        lost,
        export.status());
  }

  // A tree as jobs have it: an ancestry of five, command lines of some words.
  private static List<ProcessNode> processes(TestEvents source) {
    List<ProcessNode> processes = new ArrayList<>();
    ProcessNode worker = source.process(1, null, "/home/runner/actions-runner/bin/Runner.Worker");
    ProcessNode shell = source.process(2, worker, "/usr/bin/bash");
    ProcessNode make = source.process(3, shell, "/usr/bin/make");
    ProcessNode npm = source.process(4, make, "/usr/local/bin/npm");
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(source.process(10 + i, npm, "/usr/local/bin/node"));
    }
    return processes;
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static Process receiver(String mode) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            ReceiverProcess.classPath(),
            ExportThroughput.class.getName(),
            "receiver",
            mode)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void receive(boolean parse) throws Exception {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(Signal.LOGS.method())
            .setRequestMarshaller(new Bytes(parse))
            .setResponseMarshaller(new Bytes(false))
            .build();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder("opentelemetry.proto.collector.logs.v1.LogsService")
                    .addMethod(method, new Answer())
                    .build())
            .build()
            .start();
    System.out.println(server.getPort());
    server.awaitTermination();
  }

  private static final class Answer implements ServerCallHandler<byte[], byte[]> {
    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          call.sendHeaders(new Metadata());
          call.sendMessage(new byte[0]);
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }

  private record Bytes(boolean parse) implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new java.io.ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        if (parse && ExportLogsServiceRequest.parseFrom(stream).getResourceLogsCount() != 1) {
          throw new IllegalStateException("one job, so one resource");
        }
        long _ = stream.skip(Long.MAX_VALUE);
        return new byte[0];
      } catch (IOException e) {
        throw Status.INTERNAL.withCause(e).asRuntimeException();
      }
    }
  }
}
