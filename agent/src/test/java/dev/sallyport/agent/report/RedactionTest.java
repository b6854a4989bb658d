package dev.sallyport.agent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "git clone https://ghs_16C7e42F292c6912E7710c838347Ae178B4a@github.com/a/b,16C7e42F292c6912E7710c838347Ae178B4a",
        "https://x-access-token:hunter2hunter2@github.com/a/b,hunter2hunter2",
        "curl -H 'Authorization: Bearer abcdef0123456789',abcdef0123456789",
        "curl -H 'authorization: token abcdef0123456789',abcdef0123456789",
        "mysql --password=correcthorse -h db,correcthorse",
        "env NPM_AUTH_TOKEN=npm_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789,AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE,IOSFODNN7EXAMPLE",
        "https://api.example/?access_token=s3cr3tvalue&x=1,s3cr3tvalue",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N,eyJzdWIiOiIxMjM0In0",
      })
  void takesOutWhatLooksLikeASecret(String text, String secret) {
    assertThat(Redaction.of(text)).doesNotContain(secret).contains(Redaction.MARK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git fetch https://github.com/acme/shop +9f2c1d7be04a6e6f2b9c55d1e9c7ef31a8b3f0a4:refs/x",
        "docker run --user 1000:1000 -e HOME=/root user@host:/path",
        "npm ci --no-audit",
        "ssh git@github.com",
        "https://registry.npmjs.org/@scope/name/-/name-1.0.0.tgz",
      })
  void leavesTheRest(String text) {
    assertThat(Redaction.of(text)).isEqualTo(text);
  }

  @Test
  void staysLinearOnHostileText() {
    String hostile =
        "://a:".repeat(1000)
            + "password=".repeat(400)
            + "eyJaaaaaaaaaaa.".repeat(300)
            + "authorization: ".repeat(300)
            + "-----BEGIN PRIVATE KEY-----".repeat(100);
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Redaction.of(hostile));
  }
}
