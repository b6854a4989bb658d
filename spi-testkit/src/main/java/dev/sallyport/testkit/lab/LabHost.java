package dev.sallyport.testkit.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One name of the lab's internet and the addresses that its DNS gives for it, all of them from the
 * ranges that RFC 5737 and RFC 3849 keep for documentation.
 *
 * @param name lower case, without a final dot
 * @param v4 the A record, or null where the name has none
 * @param v6 the AAAA record, or null where the name has none
 * @param ttlSeconds the time to live of both
 */
record LabHost(String name, @Nullable String v4, @Nullable String v6, int ttlSeconds) {

  static final int TTL_SECONDS = 60;

  /** The resolver that a job in the lab is configured with. */
  static final LabHost RESOLVER = both("ns.lab.example", "192.0.2.53", "2001:db8::53");

  /** A DNS server that no machine is configured with, as an attacker would run it. */
  static final LabHost ROGUE_RESOLVER = both("ns.evil.example", "203.0.113.53", "2001:db8:bad::53");

  /** An address that no name leads to. */
  static final LabHost NAMELESS = both("", "203.0.113.99", "2001:db8:bad::99");

  /** Every name below it exists: what a tunnel through DNS needs. */
  static final LabHost TUNNEL = both("tunnel.evil.example", "203.0.113.68", "2001:db8:bad::68");

  /** Every name with records of its own; names that are aliases stand in {@link #ALIASES}. */
  static final List<LabHost> NAMED =
      List.of(
          RESOLVER,
          ROGUE_RESOLVER,
          TUNNEL,
          both("github.com", "192.0.2.10", "2001:db8::10"),
          both("api.github.com", "192.0.2.11", "2001:db8::11"),
          both("uploads.github.com", "192.0.2.12", "2001:db8::12"),
          both("codeload.github.com", "192.0.2.13", "2001:db8::13"),
          both("objects.githubusercontent.com", "192.0.2.14", "2001:db8::14"),
          both("raw.githubusercontent.com", "192.0.2.14", "2001:db8::14"),
          both("registry.npmjs.org", "192.0.2.20", "2001:db8::20"),
          both("pypi.org", "192.0.2.21", "2001:db8::21"),
          both("files.pythonhosted.org", "192.0.2.22", "2001:db8::22"),
          both("repo.maven.apache.org", "192.0.2.23", "2001:db8::23"),
          // One address for the good and the bad, as behind a content delivery network.
          both("cdn.example", "192.0.2.30", "2001:db8::30"),
          both("shop.cdn.example", "192.0.2.30", "2001:db8::30"),
          both("attacker.cdn.example", "192.0.2.30", "2001:db8::30"),
          both("evil.example", "203.0.113.66", "2001:db8:bad::66"),
          both("exfil.example", "203.0.113.67", "2001:db8:bad::67"),
          new LabHost("v4.example", "192.0.2.40", null, TTL_SECONDS),
          new LabHost("v6.example", null, "2001:db8::41", TTL_SECONDS),
          new LabHost("brief.example", "192.0.2.42", "2001:db8::42", 1));

  /** Alias to target, as CNAME records; a target may be an alias itself. */
  static final List<Alias> ALIASES =
      List.of(
          new Alias("www.shop.example", "shop.cdn.example"),
          new Alias("deep.shop.example", "www.shop.example"),
          new Alias("mail.github.com", "github.com"));

  record Alias(String name, String target) {}

  /** The host that a name leads to, through aliases and the wildcard. */
  static Optional<LabHost> find(String name) {
    if (name.endsWith("." + TUNNEL.name)) {
      return Optional.of(TUNNEL);
    }
    Optional<Alias> alias = ALIASES.stream().filter(a -> a.name.equals(name)).findFirst();
    if (alias.isPresent()) {
      return find(alias.get().target);
    }
    return NAMED.stream().filter(host -> host.name.equals(name)).findFirst();
  }

  /** Every IPv4 address of the lab's internet, once. */
  static List<String> addresses4() {
    return all().map(LabHost::v4).filter(address -> address != null).distinct().toList();
  }

  /** Every IPv6 address of the lab's internet, once. */
  static List<String> addresses6() {
    return all().map(LabHost::v6).filter(address -> address != null).distinct().toList();
  }

  private static Stream<LabHost> all() {
    return Stream.concat(NAMED.stream(), Stream.of(NAMELESS));
  }

  private static LabHost both(String name, String v4, String v6) {
    return new LabHost(name, v4, v6, TTL_SECONDS);
  }
}
