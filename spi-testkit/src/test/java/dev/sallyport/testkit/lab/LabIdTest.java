package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabIdTest {
  @Test
  void isReadBackFromItsNames() {
    LabId id = LabId.next();

    assertThat(LabId.parse(id.toString())).contains(id);
    assertThat(LabId.parse(id + "-runner")).contains(id);
    assertThat(id.ownerLives()).isTrue();
  }

  @Test
  void knowsThatAProcessIdIsUsedAgain() {
    LabId id = LabId.next();

    assertThat(new LabId(id.pid(), id.startTicks() + 1, id.number()).ownerLives()).isFalse();
    assertThat(new LabId(4_194_305, 1, 1).ownerLives()).isFalse(); // above the largest pid
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sallyport-lab",
        "sallyport-lab-1-2",
        "sallyport-lab-1-2-x",
        "sallyport-lab-99999999999999999999-2-3",
        "my-sallyport-lab-1-2-3"
      })
  void leavesOtherNamesAlone(String name) {
    assertThat(LabId.parse(name)).isEmpty();
  }
}
