import org.jspecify.annotations.NullMarked;

/** The agent: hosts probes and runner adapters, and tells what it saw. */
@NullMarked
@SuppressWarnings("module") // the test kit, to which packages are exported, is built later
module dev.sallyport.agent {
  requires com.sun.jna;
  requires dev.sallyport.spi;
  requires info.picocli;
  requires java.logging;
  requires jdk.unsupported; // sun.misc.Signal: INT and TERM are passed on to the command
  requires org.jspecify;
  requires rawbpf;

  // The test kit runs probes in this host, and is nobody's to have at run time.
  exports dev.sallyport.agent.correlation to
      dev.sallyport.testkit;
  exports dev.sallyport.agent.host to
      dev.sallyport.testkit;
  exports dev.sallyport.agent.kernel to
      dev.sallyport.testkit;
  exports dev.sallyport.agent.pipeline to
      dev.sallyport.testkit;
  exports dev.sallyport.agent.process to
      dev.sallyport.testkit;
  exports dev.sallyport.agent.run to
      dev.sallyport.testkit;

  opens dev.sallyport.agent.cli to
      info.picocli; // sets the options by reflection

  uses dev.sallyport.spi.probe.ProbeProvider;
  uses dev.sallyport.spi.runner.RunnerAdapterProvider;
}
