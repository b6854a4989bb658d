import org.jspecify.annotations.NullMarked;

/** The agent: hosts probes and runner adapters, and tells what it saw. */
@NullMarked
@SuppressWarnings("module") // the test kit, to which packages are exported, is built later
module dev.sallyport.agent {
  requires com.fasterxml.jackson.core;
  requires com.sun.jna;
  requires dev.sallyport.spi;
  requires gg.jte.runtime;
  requires info.picocli;
  requires io.grpc;
  requires io.grpc.netty;
  requires io.grpc.stub;
  // io.grpc.netty is an automatic module: what it needs of explicit ones it cannot say itself.
  requires com.google.common;
  requires io.netty.codec.http2;
  requires io.netty.handler.proxy;
  requires io.netty.transport;
  requires io.opentelemetry.api;
  requires io.opentelemetry.common;
  requires io.opentelemetry.exporter.internal;
  requires io.opentelemetry.exporter.internal.otlp; // OTLP/JSON has no public class yet
  requires io.opentelemetry.exporter.otlp;
  requires io.opentelemetry.sdk;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.logs;
  requires io.opentelemetry.sdk.metrics;
  requires io.opentelemetry.sdk.trace;
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
