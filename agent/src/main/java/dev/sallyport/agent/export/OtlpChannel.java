package dev.sallyport.agent.export;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Drainable;
import io.grpc.InsecureChannelCredentials;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC connection that carries requests as bytes. Thread-safe.
 *
 * <p>One event loop on Java's own sockets and TLS: no native library is unpacked or loaded.
 */
final class OtlpChannel implements AutoCloseable {

  private static final int LARGEST_RESPONSE = 64 * 1024;

  private final EventLoopGroup eventLoop;
  private final ManagedChannel channel;
  private final io.grpc.Channel calls;
  private final CallOptions options;
  private final Target target;

  private OtlpChannel(Target target, ChannelCredentials credentials) {
    this.target = target;
    ThreadFactory threads = Thread.ofPlatform().daemon().name("sallyport-otlp").factory();
    this.eventLoop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    this.channel =
        NettyChannelBuilder.forTarget("dns:///" + target.authority(), credentials)
            .eventLoopGroup(eventLoop)
            .channelType(NioSocketChannel.class)
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(LARGEST_RESPONSE)
            .userAgent("sallyport")
            .build();
    Metadata headers = new Metadata();
    target
        .headers()
        .forEach((name, value) ->
            headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    this.calls =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    this.options =
        target.gzip() ? CallOptions.DEFAULT.withCompression("gzip") : CallOptions.DEFAULT;
  }

  /** Makes a connection, which opens with the first request. */
  static OtlpChannel open(Target target) throws IOException {
    return new OtlpChannel(target, credentials(target));
  }

  /** Sends a request; the outcome comes on the event loop, which must not be held up. */
  void send(Signal signal, Request request, Outcome outcome) {
    ClientCall<Request, byte[]> call =
        calls.newCall(
            signalMethod(signal),
            options.withDeadlineAfter(target.timeout().toMillis(), TimeUnit.MILLISECONDS));
    call.start(new Listener(outcome), new Metadata());
    call.request(2); // two, so that the call ends as soon as its single message is read
    call.sendMessage(request);
    call.halfClose();
  }

  /** Tries to connect at the next request, instead of waiting as long as earlier failures ask. */
  void retryNow() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    // Its thread is a daemon: nobody waits for it.
    var _ = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Takes what became of a request. */
  interface Outcome {
    /**
     * Called once.
     *
     * @param response the response message, null when there is none
     */
    void done(Status status, byte @Nullable [] response);
  }

  private static ChannelCredentials credentials(Target target) throws IOException {
    if (!target.tls()) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    if (target.certificate() != null) {
      tls.trustManager(target.certificate().toFile());
    }
    if (target.clientCertificate() != null && target.clientKey() != null) {
      tls.keyManager(target.clientCertificate().toFile(), target.clientKey().toFile());
    }
    return tls.build();
  }

  private static MethodDescriptor<Request, byte[]> signalMethod(Signal signal) {
    return switch (signal) {
      case LOGS -> Methods.LOGS;
      case TRACES -> Methods.TRACES;
      case METRICS -> Methods.METRICS;
    };
  }

  /** Loaded with the first request, like all of gRPC. */
  private static final class Methods {
    static final MethodDescriptor<Request, byte[]> LOGS = method(Signal.LOGS);
    static final MethodDescriptor<Request, byte[]> TRACES = method(Signal.TRACES);
    static final MethodDescriptor<Request, byte[]> METRICS = method(Signal.METRICS);

    private static MethodDescriptor<Request, byte[]> method(Signal signal) {
      return MethodDescriptor.<Request, byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(signal.method())
          .setRequestMarshaller(RequestMarshaller.INSTANCE)
          .setResponseMarshaller(ResponseMarshaller.INSTANCE)
          .build();
    }
  }

  private static final class Listener extends ClientCall.Listener<byte[]> {
    private final Outcome outcome;
    private byte @Nullable [] response;

    Listener(Outcome outcome) {
      this.outcome = outcome;
    }

    @Override
    public void onMessage(byte[] message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      outcome.done(status, response);
    }
  }

  private enum RequestMarshaller implements MethodDescriptor.Marshaller<Request> {
    INSTANCE;

    @Override
    public InputStream stream(Request request) {
      return new RequestStream(request);
    }

    @Override
    public Request parse(InputStream stream) {
      throw new UnsupportedOperationException("requests are only sent");
    }
  }

  private enum ResponseMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] response) {
      throw new UnsupportedOperationException("responses are only received");
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

  /** Lets gRPC copy the request straight into its own buffers. */
  private static final class RequestStream extends ByteArrayInputStream
      implements Drainable, KnownLength {
    RequestStream(Request request) {
      super(request.bytes(), 0, request.length());
    }

    @Override
    public int drainTo(OutputStream out) throws IOException {
      int length = available();
      out.write(buf, pos, length);
      pos += length;
      return length;
    }
  }
}
