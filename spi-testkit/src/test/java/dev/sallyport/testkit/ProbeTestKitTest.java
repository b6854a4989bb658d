package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeProvider;
import dev.sallyport.spi.probe.RecordHeader;
import dev.sallyport.spi.probe.RecordLayout;
import dev.sallyport.spi.probe.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProbeTestKitTest {

  private static final RecordLayout LAYOUT =
      RecordLayout.struct("r").header().u8("a").u16("b").u32("c").u64("d").bytes("e", 8).build();

  @Test
  void recordsAreLaidOutAsTheReaderReadsThem() {
    List<String> read = new ArrayList<>();
    byte[] bytes =
        RecordBuilder.of(LAYOUT, 3)
            .process(7, 2, 9, 1234)
            .time(99)
            .truncated()
            .set("a", 250)
            .set("b", 65_000)
            .set("c", 4_000_000_000L)
            .set("d", -5)
            .set("e", "text")
            .build();

    ProbeTestKit.probe(
            probe(record ->
                read.add(
                    "%d %d %d %d %d %d %b | %d %d %d %d %s"
                        .formatted(
                            record.eventType(),
                            record.jobId(),
                            record.stepId(),
                            record.execId(),
                            record.pid(),
                            record.timeNanos(),
                            record.truncated(),
                            record.u8(LAYOUT.offset("a")),
                            record.u16(LAYOUT.offset("b")),
                            record.u32(LAYOUT.offset("c")),
                            record.i64(LAYOUT.offset("d")),
                            record.text(LAYOUT.offset("e"), 8)))))
        .records(bytes);

    assertThat(read).containsExactly("3 7 2 9 1234 99 true | 250 65000 4000000000 -5 text");
    assertThat(bytes).hasSize(LAYOUT.size());
  }

  @Test
  void recordsThatNoHostWouldGiveAreRefused() {
    DecoderBench bench = ProbeTestKit.probe(probe(record -> {}));

    assertThatThrownBy(() -> bench.records(new byte[RecordHeader.SIZE - 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("63 bytes");
    assertThatThrownBy(() -> RecordBuilder.of(LAYOUT, 0).set("e", new byte[9]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("9 bytes for field e, 8 fit");
  }

  @Test
  void fuzzingFindsAReadPastTheEnd() {
    byte[] sample = RecordBuilder.of(LAYOUT, 0).build();
    DecoderBench bench =
        ProbeTestKit.probe(probe(record -> record.i64(RecordHeader.SIZE + 16 - 8)));

    assertThatThrownBy(() -> bench.fuzz(1, 1000, sample))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("of seed 1: the decoder of test threw")
        .hasRootCauseInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void objectsThatAreNotThereAreTold() {
    assertThatThrownBy(() -> ProbeTestKit.assertLayouts(probe(record -> {})))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected META-INF/bpf/x86_64/none.bpf.o");
  }

  private static ProbeProvider probe(Consumer<RecordReader> decode) {
    return new ProbeProvider() {
      @Override
      public ProbeDescriptor descriptor() {
        return new ProbeDescriptor(
            "test",
            "1",
            SpiVersion.CURRENT,
            "",
            List.of("none"),
            List.of(),
            List.of(),
            List.of(),
            List.of());
      }

      @Override
      public EventDecoder open(ProbeContext context) {
        return (record, sink) -> decode.accept(record);
      }
    };
  }
}
