import dev.sallyport.bench.firehose.FirehoseProbe;
import dev.sallyport.spi.probe.ProbeProvider;
import org.jspecify.annotations.NullMarked;

/** A probe that gives as many records as wanted, built as a third party would build one. */
@NullMarked
module dev.sallyport.bench.firehose {
  requires dev.sallyport.spi;
  requires org.jspecify;

  provides ProbeProvider with
      FirehoseProbe;
}
