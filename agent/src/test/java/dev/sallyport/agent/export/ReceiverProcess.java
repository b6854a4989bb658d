package dev.sallyport.agent.export;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A receiver in a process of its own, so that it can be killed. It writes each sequence number to a
 * file before it answers.
 */
final class ReceiverProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  private ReceiverProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one; port 0 takes a free one. */
  static ReceiverProcess start(int port, Path sequences) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath(),
                    ReceiverProcess.class.getName(),
                    Integer.toString(port),
                    sequences.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("port ")) {
      process.destroyForcibly();
      throw new IOException("the receiver did not start: " + line);
    }
    return new ReceiverProcess(process, Integer.parseInt(line.substring(5)));
  }

  /** All that this JVM has, modules and test classes alike, as one class path. */
  static String classPath() {
    return String.join(
        File.pathSeparator,
        Stream.of(
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                Path.of("target", "classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""))
            .filter(path -> !path.isEmpty())
            .toList());
  }

  static Set<Long> read(Path sequences) throws IOException {
    Set<Long> read = new HashSet<>();
    if (!Files.exists(sequences)) {
      return read;
    }
    try (DataInputStream in = new DataInputStream(Files.newInputStream(sequences))) {
      while (true) {
        read.add(in.readLong());
      }
    } catch (EOFException end) {
      return read;
    }
  }

  int port() {
    return port;
  }

  /** Kills it with SIGKILL. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws Exception {
    RandomAccessFile file = new RandomAccessFile(arguments[1], "rw");
    file.seek(file.length() / Long.BYTES * Long.BYTES);
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                InsecureServerCredentials.create())
            .addService(new Logs(file))
            .build()
            .start();
    System.out.println("port " + server.getPort());
    server.awaitTermination();
  }

  private static final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    private final RandomAccessFile file;

    Logs(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public synchronized void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> observer) {
      for (ResourceLogs resource : request.getResourceLogsList()) {
        for (ScopeLogs scope : resource.getScopeLogsList()) {
          ByteBuffer bytes = ByteBuffer.allocate(scope.getLogRecordsCount() * Long.BYTES);
          scope.getLogRecordsList().forEach(record -> bytes.putLong(OtlpReceiver.sequence(record)));
          try {
            file.write(bytes.array());
          } catch (IOException e) {
            observer.onError(e);
            return;
          }
        }
      }
      observer.onNext(ExportLogsServiceResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
