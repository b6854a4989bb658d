package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lab's DNS: one dnsmasq on every address of the internet namespace, over UDP and TCP. */
final class NameServer {
  private static final String LOG = "dns.log";
  private static final Pattern QUERY =
      Pattern.compile(".*: query\\[([^\\]]+)\\] (\\S+) from (\\S+)");

  private NameServer() {}

  /**
   * Starts dnsmasq in {@code namespace}. It goes to the background by itself once its sockets are
   * bound, so the return of this method means that it answers; it ends with the namespace.
   */
  static void start(Path folder, Namespace namespace) throws IOException {
    Path configuration = folder.resolve("dnsmasq.conf");
    Files.writeString(configuration, configuration(folder));
    Tools.run(
        folder,
        "nsenter",
        "--net=" + namespace.path(),
        "--",
        Tools.path("dnsmasq"),
        "--conf-file=" + configuration);
  }

  /** Every question that reached the server, oldest first. */
  static List<DnsQuery> queries(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve(LOG)).stream()
        .map(QUERY::matcher)
        .filter(Matcher::matches)
        .map(m -> new DnsQuery(m.group(2), m.group(1), m.group(3)))
        .toList();
  }

  private static String configuration(Path folder) {
    StringBuilder out = new StringBuilder();
    line(out, "no-resolv");
    line(out, "no-hosts");
    line(out, "user=root"); // the package's own user is not there when only dnsmasq-base is
    line(out, "pid-file=" + folder.resolve("dnsmasq.pid"));
    line(out, "log-queries");
    line(out, "log-facility=" + folder.resolve(LOG));
    line(out, "local-ttl=" + LabHost.TTL_SECONDS);
    line(out, "address=/#/"); // whatever is not said below does not exist
    for (LabHost host : LabHost.NAMED) {
      String v4 = host.v4() == null ? "" : "," + host.v4();
      String v6 = host.v6() == null ? "" : "," + host.v6();
      line(out, "host-record=" + host.name() + v4 + v6 + "," + host.ttlSeconds());
    }
    for (LabHost.Alias alias : LabHost.ALIASES) {
      line(out, "cname=" + alias.name() + "," + alias.target());
    }
    line(out, "address=/" + LabHost.TUNNEL.name() + "/" + LabHost.TUNNEL.v4());
    line(out, "address=/" + LabHost.TUNNEL.name() + "/" + LabHost.TUNNEL.v6());
    line(out, "txt-record=github.com,\"v=spf1 -all\"");
    // Over 1,232 octets: the answer over UDP is cut, and a resolver asks again over TCP.
    for (int part = 0; part < 8; part++) {
      line(out, "txt-record=long.example,\"" + part + "x".repeat(250) + "\"");
    }
    line(out, "mx-host=github.com,mail.github.com,10");
    line(out, "srv-host=_https._tcp.github.com,github.com,443,10,5");
    // HTTPS (RFC 9460): priority 1, target ".", alpn=h2,http/1.1.
    line(out, "dns-rr=github.com,65,0001000001000c02683208687474702f312e31");
    return out.toString();
  }

  private static void line(StringBuilder out, String line) {
    out.append(line).append('\n');
  }
}
