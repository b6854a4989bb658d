import org.jspecify.annotations.NullMarked;

/** The network probe: connections, DNS, TLS server names. A plugin like any other. */
@NullMarked
module dev.sallyport.probe.network {
  requires dev.sallyport.spi;
  requires static org.jspecify;

  provides dev.sallyport.spi.probe.ProbeProvider with
      dev.sallyport.probe.network.NetworkProbe;
}
