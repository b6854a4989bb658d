package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What a machine must have for the lab. */
final class LabRequirements {
  private record Tool(String name, String apt) {}

  private static final List<Tool> TOOLS =
      List.of(
          new Tool("ip", "iproute2"),
          new Tool("nsenter", "util-linux"),
          new Tool("unshare", "util-linux"),
          new Tool("mount", "mount"),
          new Tool("dnsmasq", "dnsmasq-base"),
          new Tool("openssl", "openssl"),
          new Tool("git", "git"),
          new Tool("tar", "tar"));

  private LabRequirements() {}

  /** A sentence for each thing that is missing; empty when a lab can start. */
  static List<String> missing() {
    List<String> sentences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> packages = new TreeSet<>();
    for (Tool tool : TOOLS) {
      if (Tools.find(tool.name).isEmpty()) {
        names.add(tool.name);
        packages.add(tool.apt);
      }
    }
    if (!names.isEmpty()) {
      sentences.add(
          "The lab needs %s: apt-get install %s."
              .formatted(String.join(", ", names), String.join(" ", packages)));
    }
    if (!Files.exists(Path.of("/proc/net/if_inet6"))) {
      sentences.add(
          "The lab needs IPv6, which this kernel was started without: boot without ipv6.disable=1.");
    }
    if (!effectiveUserIsRoot()) {
      sentences.add("The lab needs root to make network namespaces: run it with sudo.");
    } else if (names.isEmpty()) {
      try {
        Tools.run(Tools.TEMPORARY, "unshare", "--net", "--mount", "true");
      } catch (LabException e) {
        sentences.add(
            "The lab needs CAP_SYS_ADMIN to make network and mount namespaces, which this"
                + " container or machine withholds ("
                + e.getMessage()
                + "): run it with --privileged, or on a virtual machine.");
      }
    }
    return List.copyOf(sentences);
  }

  private static boolean effectiveUserIsRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
