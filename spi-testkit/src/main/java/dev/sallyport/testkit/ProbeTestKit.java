package dev.sallyport.testkit;

import dev.sallyport.spi.probe.ProbeProvider;

/**
 * Runs a probe in a test, in three ways: its decoder alone on bytes made by hand, its compiled
 * objects against its Java, and all of it in the real host on the real kernel.
 *
 * <pre>{@code
 * assertThat(ProbeTestKit.probe(new SignalProbe()).records(record).events()).hasSize(1);
 * ProbeTestKit.assertLayouts(new SignalProbe());
 * KernelTests.assumeKernel();
 * Observed job = ProbeTestKit.observe(new SignalProbe()).run("sh", "-c", "kill -TERM $$");
 * }</pre>
 */
public final class ProbeTestKit {

  private ProbeTestKit() {}

  /** {@return a bench for the probe's decoder, without a kernel} */
  public static DecoderBench probe(ProbeProvider provider) {
    return new DecoderBench(provider);
  }

  /** {@return what runs a command as a job under the agent's core and these probes, no others} */
  public static ProbeObservation observe(ProbeProvider... providers) {
    return new ProbeObservation(providers);
  }

  /**
   * Checks every layout of the probe against its compiled objects, for each architecture, as the
   * host does before it loads them. Needs libbpf, and neither rights nor a kernel with BTF; where
   * there is no libbpf, the test is skipped.
   *
   * @throws AssertionError when an object is missing, or the C and the Java disagree
   */
  public static void assertLayouts(ProbeProvider provider) {
    LayoutAssert.check(provider);
  }
}
