package dev.sallyport.bench.firehose;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.ProbeDescriptor;
import dev.sallyport.spi.probe.ProbeDescriptor.EventType;
import dev.sallyport.spi.probe.ProbeProvider;
import dev.sallyport.spi.probe.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Gives records for each getppid() of a job's process. What to measure, and where to write it,
 * stands in environment variables, see {@link Measurement}.
 */
public final class FirehoseProbe implements ProbeProvider {

  static final RecordLayout LAYOUT =
      RecordLayout.struct("firehose_record")
          .header()
          .u64("number")
          .u32("address")
          .u16("port")
          .u16("family")
          .bytes("name", 16)
          .build();

  /** Makes the probe; for the service loader. */
  public FirehoseProbe() {}

  @Override
  public ProbeDescriptor descriptor() {
    return new ProbeDescriptor(
        "firehose",
        "1.0",
        SpiVersion.CURRENT,
        "getppid() of a job's processes, to measure the agent with",
        List.of("firehose"),
        List.of(),
        List.of(new EventType("record")),
        List.of(LAYOUT),
        List.of());
  }

  @Override
  public EventDecoder open(ProbeContext context) {
    Measurement measurement = Measurement.ofEnvironment();
    byte[] first = new byte[Integer.BYTES];
    byte[] burst =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putInt(measurement.burst())
            .array();
    context.map("firehose_burst").put(first, burst);
    return new FirehoseDecoder(measurement);
  }
}
