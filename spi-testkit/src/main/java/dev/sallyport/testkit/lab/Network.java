package dev.sallyport.testkit.lab;

import java.nio.file.Path;

/** Joins the two namespaces of a lab by a pair of virtual Ethernet devices. */
final class Network {
  private static final String RUNNER4 = "198.51.100.2";
  private static final String GATEWAY4 = "198.51.100.1";
  private static final String RUNNER6 = "2001:db8:1::2";
  private static final String GATEWAY6 = "2001:db8:1::1";

  private Network() {}

  static void create(Path folder, Namespace internet, Namespace runner) {
    internet.create(folder);
    runner.create(folder);
    // Both ends are made where they belong: neither is ever in the machine's own namespace.
    internet.configure(
        folder,
        """
        link add wan0 type veth peer name eth0 netns %s
        address add %s/24 dev wan0
        address add %s/64 dev wan0 nodad
        link set lo up
        link set wan0 up
        %s\
        """
            .formatted(runner.name(), GATEWAY4, GATEWAY6, serverAddresses()));
    runner.configure(
        folder,
        """
        address add %s/24 dev eth0
        address add %s/64 dev eth0 nodad
        link set lo up
        link set eth0 up
        route add default via %s
        route add ::/0 via %s
        """
            .formatted(RUNNER4, RUNNER6, GATEWAY4, GATEWAY6));
  }

  /** The servers' addresses are on the loopback device, which is as local as any. */
  private static String serverAddresses() {
    StringBuilder out = new StringBuilder();
    for (String address : LabHost.addresses4()) {
      out.append("address add ").append(address).append("/32 dev lo\n");
    }
    for (String address : LabHost.addresses6()) {
      out.append("address add ").append(address).append("/128 dev lo nodad\n");
    }
    return out.toString();
  }
}
