package org.example.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.DecoderBench;
import dev.sallyport.testkit.ProbeTestKit;
import dev.sallyport.testkit.RecordBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The decoder alone, on records made by hand: needs no rights and no kernel. */
class SignalDecoderTest {

  private static final byte[] RECORD =
      RecordBuilder.of(SignalDecoder.LAYOUT, 0)
          .process(1, 2, 3, 4000)
          .set("number", 15)
          .set("target", 4001)
          .set("same_job", 1)
          .set("target_comm", "sleep")
          .build();

  @Test
  void tellsWhoWasSentWhat() {
    DecoderBench bench = ProbeTestKit.probe(new SignalProbe()).records(RECORD);

    assertThat(bench.events())
        .singleElement()
        .satisfies(event -> {
          assertThat(event.name()).isEqualTo("org.example.signal.sent");
          assertThat(event.origin().pid()).isEqualTo(4000);
          assertThat(event.attributes())
              .isEqualTo(
                  Map.of(
                      "org.example.signal.number",
                      15L,
                      "org.example.signal.target.pid",
                      4001L,
                      "org.example.signal.target.name",
                      "sleep",
                      "org.example.signal.same_job",
                      true));
        });
  }

  @Test
  void countsARecordOfAnotherLengthAsMalformed() {
    byte[] cut = RecordBuilder.of(SignalDecoder.LAYOUT, 0).length(70).build();

    DecoderBench bench = ProbeTestKit.probe(new SignalProbe()).records(cut);

    assertThat(bench.events()).isEmpty();
    assertThat(bench.malformed()).containsExactly("signals: record of another length");
  }

  @Test
  void throwsOnNoBytesWhatever() {
    DecoderBench bench = ProbeTestKit.probe(new SignalProbe()).fuzz(1, 10_000, RECORD);

    assertThat(bench.events().size() + bench.malformed().size()).isEqualTo(10_000);
  }

  @Test
  void agreesWithTheCompiledObjects() {
    ProbeTestKit.assertLayouts(new SignalProbe());
  }
}
