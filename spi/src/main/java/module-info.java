import org.jspecify.annotations.NullMarked;

/**
 * All that a plugin author compiles against: probes, runner adapters and the events they give.
 *
 * <p>The BPF headers for a probe's C are in this jar under {@code META-INF/bpf/include}.
 */
@NullMarked
module dev.sallyport.spi {
  requires static transitive org.jspecify;

  exports dev.sallyport.spi;
  exports dev.sallyport.spi.event;
  exports dev.sallyport.spi.probe;
  exports dev.sallyport.spi.runner;
}
