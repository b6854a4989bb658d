import org.jspecify.annotations.NullMarked;

/** The agent: hosts probes and runner adapters, and tells what it saw. */
@NullMarked
module dev.sallyport.agent {
  requires com.sun.jna;
  requires dev.sallyport.spi;
  requires info.picocli;
  requires java.logging;
  requires jdk.unsupported; // sun.misc.Signal: INT and TERM are passed on to the command
  requires org.jspecify;
  requires rawbpf;

  opens dev.sallyport.agent.cli to
      info.picocli; // sets the options by reflection

  uses dev.sallyport.spi.probe.ProbeProvider;
  uses dev.sallyport.spi.runner.RunnerAdapterProvider;
}
