/** A probe of a third party: signals that a job's processes send to other processes. */
module org.example.signals {
  requires dev.sallyport.spi;

  provides dev.sallyport.spi.probe.ProbeProvider with
      org.example.signals.SignalProbe;
}
