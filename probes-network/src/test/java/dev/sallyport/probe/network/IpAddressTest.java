package dev.sallyport.probe.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1",
        "2001:db8::1:0:0:1",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "ff02::1:ff00:42",
        "1:2:3:4:5:6:7:8"
      })
  void ipv6IsWrittenAsRfc5952Says(String text) {
    byte[] bytes = TestRecord.address(text);
    // One zero group alone is not shortened.
    String expected = text.equals("::2:3:4:5:6:7:8") ? "0:2:3:4:5:6:7:8" : text;
    expected = expected.equals("1:2:3:4:5:6:7::") ? "1:2:3:4:5:6:7:0" : expected;

    assertThat(IpAddress.v6(bytes, 0).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "255.255.255.255", "192.0.2.10"})
  void ipv4IsDotted(String text) {
    assertThat(IpAddress.v4(TestRecord.address(text), 0).text()).isEqualTo(text);
  }
}
