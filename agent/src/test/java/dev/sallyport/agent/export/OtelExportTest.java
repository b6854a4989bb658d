package dev.sallyport.agent.export;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.pipeline.Loss;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OtelExportTest {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void receiverAbsentAtStartThenKilledThenRestartedGetsEveryRecord() throws Exception {
    Path received = directory.resolve("received");
    int port = freePort();
    OtelExport export = open(settings(port));
    TestEvents events = new TestEvents();
    ProcessNode shell = events.process(7, null, "/bin/sh");

    feed(export, events, shell, 5_000);
    until(() -> export.status().waiting() > 0);
    try (ReceiverProcess first = ReceiverProcess.start(port, received)) {
      assertThat(first.port()).isEqualTo(port);
      until(() -> count(received) >= 5_000);
      feed(export, events, shell, 5_000);
      until(() -> count(received) > 5_000);
      first.kill();
      feed(export, events, shell, 10_000);
      until(() -> export.status().waiting() > 0);
    }
    try (ReceiverProcess second = ReceiverProcess.start(port, received)) {
      feed(export, events, shell, 5_000);
      export.finish(DEADLINE);
      assertThat(second.port()).isEqualTo(port);
    }

    assertThat(losses(export)).isEmpty();
    assertComplete(ReceiverProcess.read(received), 25_000, export);
    assertThat(export.status().waiting()).isZero();
  }

  @Test
  void receiverThatIsNeverThereCostsTheCallerNothingAndLosesNoMoreThanCounted() throws Exception {
    long diskBytes = 4 << 20; // some batches of the largest size, and far less than all events take
    OtelExport export = open(settings(freePort()).withDiskBound(diskBytes));
    TestEvents events = new TestEvents();
    ProcessNode shell = events.process(7, null, "/bin/sh");
    long longest = 0;
    int total = 40_000;
    for (int i = 0; i < total; i++) {
      long before = System.nanoTime();
      export.accept(events.connect(shell));
      longest = Math.max(longest, System.nanoTime() - before);
      if (i % 1_000 == 999) {
        long taken = i;
        until(() -> export.status().waiting() + lost(export) >= taken - 2_048);
      }
    }
    export.finish(Duration.ofSeconds(3));

    assertThat(NANOSECONDS.toMillis(longest)).isLessThan(200);
    assertThat(bytesIn(directory)).isLessThanOrEqualTo(diskBytes);
    assertThat(export.status().waiting()).isPositive();
    assertThat(export.status().lastFailure()).startsWith("UNAVAILABLE");
    long lost = lost(export);
    assertThat(lost).isPositive();

    try (OtlpReceiver receiver = new OtlpReceiver()) {
      OtelExport later = open(settings(receiver.port()));
      later.finish(DEADLINE);
      assertThat(receiver.sequences).hasSize((int) (total - lost));
      assertThat(receiver.sequences).contains((long) total);
      assertThat(later.status().waiting()).isZero();
    }
  }

  @Test
  void fullQueueDropsAndCountsByEvent() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      OtelExport export = open(settings(receiver.port()).withQueueCapacity(100));
      TestEvents events = new TestEvents();
      for (int i = 0; i < 50_000; i++) {
        export.accept(events.connect(null));
      }
      export.finish(DEADLINE);
      List<Loss> losses = losses(export);
      assertThat(losses).hasSize(1);
      Loss loss = losses.getFirst();
      assertThat(loss.probe()).isEqualTo("network");
      assertThat(loss.event()).isEqualTo("sallyport.network.connect");
      assertThat(loss.reason()).isEqualTo("export-queue");
      assertThat(receiver.sequences).hasSize((int) (50_000 - loss.count()));
    }
  }

  @Test
  void slowReceiverGetsEverythingAndTheReaderNeverWaits() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      CountDownLatch gate = new CountDownLatch(1);
      receiver.gate.set(gate);
      OtelExport export = open(settings(receiver.port()).withQueueCapacity(8_192));
      TestEvents events = new TestEvents();
      ProcessNode shell = events.process(7, null, "/bin/sh");
      feed(export, events, shell, 60_000);
      until(() -> export.status().waiting() > 0);
      receiver.gate.set(null);
      gate.countDown();
      export.finish(DEADLINE);
      assertThat(losses(export)).isEmpty();
      assertComplete(receiver.sequences, 60_000, export);
    }
  }

  @Test
  void requestsThatTheReceiverCannotBearAreCountedAndDoNotHoldUpTheRest() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      receiver.refusal.set(Status.INVALID_ARGUMENT.withDescription("bad"));
      OtelExport export = open(settings(receiver.port()));
      TestEvents events = new TestEvents();
      feed(export, events, null, 10);
      until(() -> lost(export) == 10);
      assertThat(export.status().lastFailure()).isEqualTo("INVALID_ARGUMENT: bad");
      receiver.refusal.set(null);
      feed(export, events, null, 10);
      export.finish(DEADLINE);
      assertThat(receiver.sequences).hasSize(10).contains(20L);
      assertThat(losses(export)).containsExactly(new Loss("agent", "*", "refused", 10));
    }
  }

  @Test
  void requestsRefusedForWantOfCredentialsAreKept() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      receiver.refusal.set(Status.UNAUTHENTICATED);
      OtelExport export = open(settings(receiver.port()));
      feed(export, new TestEvents(), null, 10);
      until(() -> export.status().waiting() == 10);
      export.finish(Duration.ofSeconds(2));
      assertThat(export.status().waiting()).isEqualTo(10);
      assertThat(losses(export)).isEmpty();

      receiver.refusal.set(null);
      OtelExport later = open(settings(receiver.port()));
      until(() -> receiver.sequences.size() == 10);
      later.finish(DEADLINE);
      assertThat(later.status().waiting()).isZero();
    }
  }

  @Test
  void twoExportsShareADirectoryWithoutMixing() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      OtelExport first = open(settings(receiver.port()));
      OtelExport second = open(settings(receiver.port()));
      first.finish(DEADLINE);
      second.finish(DEADLINE);
      try (Stream<Path> places = Files.list(directory.resolve("spool"))) {
        assertThat(places.map(place -> place.getFileName().toString()))
            .containsExactlyInAnyOrder("0", "1");
      }
    }
  }

  @Test
  void spoolIsForItsOwnerAlone() throws Exception {
    OtelExport export = open(settings(freePort()));
    feed(export, new TestEvents(), null, 10);
    until(() -> export.status().waiting() == 10);
    export.finish(Duration.ofMillis(1));
    try (Stream<Path> files = Files.walk(directory.resolve("spool"))) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .endsWith("------");
      }
    }
  }

  @Test
  void directoryThatCannotBeMadeIsRefusedInOneLine() throws Exception {
    Path file = Files.createFile(directory.resolve("spool"));
    OtelExport.Opening opening =
        OtelExport.open(settings(freePort()), TestEvents.AGENT, TestEvents.GAUGES);
    assertThat(opening).isInstanceOf(OtelExport.Refused.class);
    assertThat(((OtelExport.Refused) opening).line())
        .startsWith("export: cannot keep unsent events in " + file)
        .doesNotContain("\n");
  }

  static void feed(
      OtelExport export,
      TestEvents events,
      @org.jspecify.annotations.Nullable ProcessNode process,
      int count) {
    for (int i = 0; i < count; i++) {
      export.accept(events.connect(process));
      if (i % 1_000 == 999) {
        until(() -> export.queued() < 6_000); // a pace that the smallest queue here can hold
      }
    }
  }

  private ExportSettings settings(int port) {
    return settings(port, directory.resolve("spool"), Map.of());
  }

  static ExportSettings settings(int port, Path spool, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.putIfAbsent("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port);
    ExportSettings.Result result = ExportSettings.fromEnvironment(environment, null, spool);
    assertThat(result).isInstanceOf(ExportSettings.Enabled.class);
    return ((ExportSettings.Enabled) result).settings();
  }

  static OtelExport open(ExportSettings settings) {
    OtelExport.Opening opening = OtelExport.open(settings, TestEvents.AGENT, TestEvents.GAUGES);
    assertThat(opening).isInstanceOf(OtelExport.Opened.class);
    return ((OtelExport.Opened) opening).export();
  }

  static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(MILLISECONDS.toNanos(5));
      assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
    }
  }

  static Set<Long> oneTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().collect(Collectors.toSet());
  }

  private static void assertComplete(Set<Long> received, long last, OtelExport export) {
    List<Long> missing =
        LongStream.rangeClosed(1, last).boxed().filter(seq -> !received.contains(seq)).toList();
    assertThat(missing.size())
        .as("missing, the first %s; %s", missing.stream().limit(3).toList(), export.status())
        .isZero();
    assertThat(received).hasSize((int) last);
  }

  private static List<Loss> losses(OtelExport export) {
    // Metrics wait for a receiver like all else; these tests count events.
    return export.losses().stream().filter(loss -> !loss.event().equals("metric")).toList();
  }

  private static long lost(OtelExport export) {
    return losses(export).stream().mapToLong(Loss::count).sum();
  }

  private static int count(Path received) {
    try {
      return ReceiverProcess.read(received).size();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long bytesIn(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
