package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1:53",
    "2001:0db8:0:0:0:0:0:1, [2001:db8::1]:53",
    "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:53",
    "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:53",
    "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:53",
    "::1, [::1]:53",
    "2001:db8::, [2001:db8::]:53",
    "::, [::]:53"
  })
  void areShownAsRfc5952Says(String text, String shown) {
    InetSocketAddress address = new InetSocketAddress(Addresses.parse(text), 53);

    assertThat(Addresses.shown(address)).isEqualTo(shown);
  }
}
