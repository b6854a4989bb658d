package dev.sallyport.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * An OTLP receiver that does as little as one can and still know how many log records came: {@code
 * CountingReceiver OUT}. Prints its port; keeps in OUT the number of firehose records and of all
 * records, and the times (CLOCK_MONOTONIC, nanoseconds) of the first and last request.
 */
public final class CountingReceiver {

  private static final String PACKAGE = "opentelemetry.proto.collector.";
  private static final byte[] FIREHOSE = "bench.firehose".getBytes(StandardCharsets.UTF_8);

  // The field numbers of resource_logs, scope_logs and log_records.
  private static final int[] PATH = {1, 2, 2};
  private static final int EVENT_NAME = 12;

  private long records;
  private long firehose;
  private final RandomAccessFile out;
  private long firstNanos;

  private CountingReceiver(RandomAccessFile out) {
    this.out = out;
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    CountingReceiver receiver = new CountingReceiver(new RandomAccessFile(arguments[0], "rw"));
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .maxInboundMessageSize(64 << 20)
            .addService(receiver.service("logs.v1.LogsService", true))
            .addService(receiver.service("trace.v1.TraceService", false))
            .addService(receiver.service("metrics.v1.MetricsService", false))
            .build()
            .start();
    System.out.println(server.getPort());
    server.awaitTermination();
  }

  private ServerServiceDefinition service(String name, boolean counted) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(PACKAGE + name + "/Export")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ServerServiceDefinition.builder(PACKAGE + name)
        .addMethod(method, (call, headers) -> answer(call, counted))
        .build();
  }

  private ServerCall.Listener<byte[]> answer(ServerCall<byte[], byte[]> call, boolean counted) {
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(byte[] request) {
        if (counted) {
          take(request);
        }
      }

      @Override
      public void onHalfClose() {
        call.sendHeaders(new Metadata());
        call.sendMessage(new byte[0]);
        call.close(Status.OK, new Metadata());
      }
    };
  }

  private synchronized void take(byte[] request) {
    try {
      count(CodedInputStream.newInstance(request), 0);
      long now = System.nanoTime();
      firstNanos = firstNanos == 0 ? now : firstNanos;
      out.seek(0);
      out.writeBytes(
          String.format(
              Locale.ROOT,
              "firehose=%020d%nrecords=%020d%nfirst_ns=%020d%nlast_ns=%020d%n",
              firehose,
              records,
              firstNanos,
              now));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Walks ExportLogsServiceRequest: resource_logs, in them scope_logs, in them log_records. */
  private void count(CodedInputStream in, int depth) throws IOException {
    if (depth == PATH.length) {
      record(in);
      return;
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == PATH[depth]) {
        int limit = in.pushLimit(in.readRawVarint32());
        count(in, depth + 1);
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
  }

  private void record(CodedInputStream in) throws IOException {
    records++;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == EVENT_NAME) {
        if (Arrays.equals(in.readByteArray(), FIREHOSE)) {
          firehose++;
        }
      } else {
        in.skipField(tag);
      }
    }
  }

  private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw Status.INTERNAL.withCause(e).asRuntimeException();
      }
    }
  }
}
