package dev.sallyport.agent.export;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the SDK's data into requests: the SDK's own OTLP exporters with a sender that hands the
 * encoded bytes to a {@link Delivery}. One thread each.
 */
final class RequestEncoder implements GrpcSender {

  private final Delivery delivery;
  private final BooleanSupplier pressed;
  private int records;

  /**
   * Makes an encoder.
   *
   * @param pressed see {@link Delivery#deliver}
   */
  RequestEncoder(Delivery delivery, BooleanSupplier pressed) {
    this.delivery = delivery;
    this.pressed = pressed;
  }

  OtlpGrpcLogRecordExporter logs() {
    return OtlpGrpcLogRecordExporter.builder()
        .setComponentLoader(new Senders())
        .setMeterProvider(MeterProvider.noop())
        .setMemoryMode(MemoryMode.REUSABLE_DATA)
        .build();
  }

  OtlpGrpcSpanExporter traces() {
    return OtlpGrpcSpanExporter.builder()
        .setComponentLoader(new Senders())
        .setMeterProvider(MeterProvider.noop())
        .setMemoryMode(MemoryMode.REUSABLE_DATA)
        .build();
  }

  OtlpGrpcMetricExporter metrics() {
    records = 1;
    return OtlpGrpcMetricExporter.builder()
        .setComponentLoader(new Senders())
        .setMeterProvider(MeterProvider.noop())
        .build();
  }

  /** Says how many records the next request has. */
  void announce(int recordsInNext) {
    records = recordsInNext;
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
    int length = message.getContentLength();
    byte[] buffer = delivery.buffer(length);
    try {
      message.writeMessage(new BufferStream(buffer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The exporter is done with it: what becomes of the request is the delivery's care.
    onResponse.accept(Taken.INSTANCE);
    delivery.deliver(new Request(buffer, length, records), pressed);
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  /** Gives the exporter's builder this sender, in place of a search of the class path. */
  private final class Senders implements ComponentLoader, GrpcSenderProvider {
    @Override
    public <T> Iterable<T> load(Class<T> spi) {
      return spi == GrpcSenderProvider.class ? List.of(spi.cast(this)) : List.of();
    }

    @Override
    public GrpcSender createSender(GrpcSenderConfig config) {
      return RequestEncoder.this;
    }
  }

  private enum Taken implements GrpcResponse {
    INSTANCE;

    @Override
    public GrpcStatusCode getStatusCode() {
      return GrpcStatusCode.OK;
    }

    @Override
    public @Nullable String getStatusDescription() {
      return null;
    }

    @Override
    public byte[] getResponseMessage() {
      return new byte[0];
    }
  }

  /** Writes into an array whose size is right. */
  private static final class BufferStream extends OutputStream {
    private final byte[] buffer;
    private int at;

    BufferStream(byte[] buffer) {
      this.buffer = buffer;
    }

    @Override
    public void write(int b) {
      buffer[at++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      System.arraycopy(bytes, offset, buffer, at, length);
      at += length;
    }
  }
}
