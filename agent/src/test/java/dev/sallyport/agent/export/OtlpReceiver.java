package dev.sallyport.agent.export;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A real OTLP/gRPC server on the loopback that keeps what it gets. */
final class OtlpReceiver implements AutoCloseable {

  final List<ExportLogsServiceRequest> logs = new CopyOnWriteArrayList<>();
  final List<Span> spans = new CopyOnWriteArrayList<>();
  final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
  final List<Metadata> headers = new CopyOnWriteArrayList<>();
  final Set<Long> sequences = ConcurrentHashMap.newKeySet();

  /** While set, log requests are answered so. */
  final AtomicReference<@Nullable Status> refusal = new AtomicReference<>();

  /** While set, log requests wait for it. */
  final AtomicReference<@Nullable CountDownLatch> gate = new AtomicReference<>();

  private final Server server;

  OtlpReceiver() throws IOException {
    this(0, InsecureServerCredentials.create());
  }

  OtlpReceiver(int port, ServerCredentials credentials) throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), credentials)
            .addService(new Logs())
            .addService(new Traces())
            .addService(new Metrics())
            .intercept(new Headers())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  List<LogRecord> records() {
    return logs.stream()
        .flatMap(request -> request.getResourceLogsList().stream())
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  static long sequence(LogRecord record) {
    for (KeyValue attribute : record.getAttributesList()) {
      if (attribute.getKey().equals("sallyport.sequence")) {
        return attribute.getValue().getIntValue();
      }
    }
    throw new AssertionError("no sequence in " + record);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> observer) {
      CountDownLatch wait = gate.get();
      if (wait != null) {
        try {
          wait.await();
        } catch (InterruptedException e) {
          observer.onError(Status.UNAVAILABLE.asRuntimeException());
          return;
        }
      }
      Status no = refusal.get();
      if (no != null) {
        observer.onError(no.asRuntimeException());
        return;
      }
      logs.add(request);
      for (ResourceLogs resource : request.getResourceLogsList()) {
        for (ScopeLogs scope : resource.getScopeLogsList()) {
          scope.getLogRecordsList().forEach(record -> sequences.add(sequence(record)));
        }
      }
      observer.onNext(ExportLogsServiceResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
      request
          .getResourceSpansList()
          .forEach(resource ->
              resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
      observer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request,
        StreamObserver<ExportMetricsServiceResponse> observer) {
      metrics.add(request);
      observer.onNext(ExportMetricsServiceResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private final class Headers implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
      headers.add(metadata);
      return Contexts.interceptCall(Context.current(), call, metadata, next);
    }
  }
}
