package dev.sallyport.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {

  @Test
  void leavesPlainTextAlone() {
    String plain = "/usr/bin/größe --naïve='日本語' 🚀 C:\\temp";
    assertThat(Visible.of(plain)).isSameAs(plain);
  }

  @Test
  void spellsOutWhatActsOnATerminal() {
    assertThat(Visible.of("a\u001b[2Jb\rc\nd\te\u0000\u007f\u009b31m"))
        .isEqualTo("a\\x1b[2Jb\\rc\\nd\\te\\x00\\x7f\\x9b31m");
  }

  @Test
  void spellsOutWhatReordersOrHides() {
    assertThat(Visible.of("evil\u202egnp.exe\u2066\u200b\ufeff\u2028\u00a0\u00ad"))
        .isEqualTo("evil\\u202egnp.exe\\u2066\\u200b\\ufeff\\u2028\\xa0\\xad");
    assertThat(Visible.of("tag" + Character.toString(0xE0041))).isEqualTo("tag\\U000e0041");
  }

  @Test
  void spellsOutHalfCharacters() {
    assertThat(Visible.of("x\ud83dy")).isEqualTo("x\\ud83dy");
  }

  @Test
  void breaksTheOldCommandSyntaxAnywhereInALine() {
    assertThat(Visible.of("x ##[error]y ##[")).isEqualTo("x ##\\x5berror]y ##\\x5b");
    assertThat(Visible.of("###[error]")).doesNotContain("##[");
  }
}
