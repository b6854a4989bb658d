package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LabExtension.class)
class LabDnsTest {
  private final Lab lab;

  LabDnsTest(Lab lab) {
    this.lab = lab;
  }

  @BeforeEach
  void needsDig() {
    assumeThat(Tools.find("dig"))
        .as("dig is installed: apt-get install bind9-dnsutils")
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "A, 192.0.2.10",
    "AAAA, 2001:db8::10",
    "TXT, '\"v=spf1 -all\"'",
    "MX, 10 mail.github.com.",
    "HTTPS, '1 . alpn=\"h2,http/1.1\"'"
  })
  void answersForEveryTypeOverUdpAndTcp(String type, String answer) throws Exception {
    for (String transport : new String[] {"+notcp", "+tcp"}) {
      assertThat(dig(transport, "github.com", type)).isEqualTo(answer + "\n");
    }
  }

  @Test
  void answersForServices() throws Exception {
    assertThat(dig("_https._tcp.github.com", "SRV")).isEqualTo("10 5 443 github.com.\n");
  }

  @Test
  void followsAliases() throws Exception {
    assertThat(dig("www.shop.example", "A")).isEqualTo("shop.cdn.example.\n192.0.2.30\n");
    assertThat(dig("deep.shop.example", "AAAA"))
        .isEqualTo("www.shop.example.\nshop.cdn.example.\n2001:db8::30\n");
    assertThat(lab.address("deep.shop.example")).isEqualTo("192.0.2.30");
  }

  @Test
  void cutsLongAnswersOverUdp() throws Exception {
    assertThat(Inside.run(lab, "dig", "+ignore", "long.example", "TXT").expectSuccess())
        .containsPattern("flags:[a-z ]* tc[ ;]");
    assertThat(dig("+tcp", "long.example", "TXT")).hasLineCount(8);
  }

  @Test
  void knowsEveryNameBelowTheTunnelAndWritesItDown() throws Exception {
    String name = "c3RvbGVu.1.tunnel.evil.example";

    assertThat(dig(name, "A")).isEqualTo(lab.address(name) + "\n");

    assertThat(lab.dnsQueries()).contains(new DnsQuery(name, "A", "198.51.100.2"));
  }

  @Test
  void knowsNoOtherNames() throws Exception {
    assertThat(Inside.run(lab, "dig", "nowhere.example").expectSuccess())
        .contains("status: NXDOMAIN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v4.example", "v6.example"})
  void hasNamesOfOneFamily(String name) throws Exception {
    String both = dig(name, "A") + dig(name, "AAAA");

    assertThat(both).hasLineCount(1);
  }

  @Test
  void hasAResolverThatNobodyIsConfiguredWith() throws Exception {
    assertThat(dig("@" + lab.rogueResolverAddress(), "github.com", "A")).isEqualTo("192.0.2.10\n");
  }

  @Test
  void isWhatTheLibraryOfCAsks() throws Exception {
    assertThat(Inside.run(lab, "getent", "ahostsv4", "registry.npmjs.org").expectSuccess())
        .startsWith("192.0.2.20");
  }

  private String dig(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 2];
    command[0] = "dig";
    command[1] = "+short";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return Inside.run(lab, command).expectSuccess();
  }
}
