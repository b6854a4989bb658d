import org.jspecify.annotations.NullMarked;

/**
 * What the author of a probe or of a runner adapter tests with.
 *
 * <p>{@link dev.sallyport.testkit.ProbeTestKit} drives a decoder with records made by hand, and
 * runs a probe in the real host on the real kernel. The lab in {@code dev.sallyport.testkit.lab}
 * stands for the internet on one machine.
 */
@NullMarked
module dev.sallyport.testkit {
  requires com.fasterxml.jackson.core;
  requires dev.sallyport.agent;
  requires transitive dev.sallyport.spi;
  requires org.eclipse.jetty.alpn.server;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.http2.server;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.util;
  requires static transitive org.jspecify;
  // Static: LabMain runs in a demonstration, where there is no JUnit.
  requires static transitive org.junit.jupiter.api;

  exports dev.sallyport.testkit;
  exports dev.sallyport.testkit.lab;
}
