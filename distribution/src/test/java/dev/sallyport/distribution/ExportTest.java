package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installed modules, as the launcher resolves them, reach a receiver over OTLP/gRPC. */
class ExportTest {

  private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> spans = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void machine() throws Exception {
    Sallyport.Result doctor = Sallyport.call(Map.of(), List.of("doctor"));
    if (doctor.status() != 0) {
      System.out.println("skipped: " + doctor.output());
    }
    assumeTrue(doctor.status() == 0, doctor.output());
  }

  @Test
  void eventsAndSpansArriveAndWhatCouldNotBeSentIsSentByTheNextRun(@TempDir Path state)
      throws Exception {
    Server server = receiver(0).build().start();
    int port = server.getPort();
    server.shutdownNow().awaitTermination();
    Map<String, String> environment = Map.of("SALLYPORT_STATE_DIRECTORY", state.toString());
    List<String> run =
        List.of(
            "run", "--otlp-endpoint", "http://127.0.0.1:" + port, "--", "bash", "-c", "true; id");

    Sallyport.Result alone = Sallyport.call(environment, run);
    assertThat(alone.status()).as(alone.errors()).isZero();
    assertThat(alone.errors()).contains("records wait in " + state).contains("Nothing was lost.");

    server = receiver(port).build().start();
    try {
      Sallyport.Result second = Sallyport.call(environment, run);
      assertThat(second.status()).as(second.errors()).isZero();
      assertThat(second.errors()).doesNotContain("records wait");
    } finally {
      server.shutdownNow().awaitTermination();
    }
    assertThat(count("sallyport.job.started")).isEqualTo(2);
    assertThat(count("sallyport.job.ended")).isEqualTo(2);
    assertThat(count("sallyport.process.exec")).isEqualTo(4);
    assertThat(spans).contains("bash", "id");
  }

  private long count(String event) {
    return events.stream().filter(event::equals).count();
  }

  private NettyServerBuilder receiver(int port) {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .addService(
            new LogsServiceGrpc.LogsServiceImplBase() {
              @Override
              public void export(
                  ExportLogsServiceRequest request,
                  StreamObserver<ExportLogsServiceResponse> response) {
                request
                    .getResourceLogsList()
                    .forEach(resource ->
                        resource
                            .getScopeLogsList()
                            .forEach(scope ->
                                scope
                                    .getLogRecordsList()
                                    .forEach(log -> events.add(log.getEventName()))));
                response.onNext(ExportLogsServiceResponse.getDefaultInstance());
                response.onCompleted();
              }
            })
        .addService(
            new TraceServiceGrpc.TraceServiceImplBase() {
              @Override
              public void export(
                  ExportTraceServiceRequest request,
                  StreamObserver<ExportTraceServiceResponse> response) {
                request
                    .getResourceSpansList()
                    .forEach(resource ->
                        resource
                            .getScopeSpansList()
                            .forEach(scope ->
                                scope.getSpansList().forEach(span -> spans.add(span.getName()))));
                response.onNext(ExportTraceServiceResponse.getDefaultInstance());
                response.onCompleted();
              }
            });
  }
}
