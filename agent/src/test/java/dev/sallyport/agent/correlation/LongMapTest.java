package dev.sallyport.agent.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongMapTest {

  @Test
  void behavesAsAHashMapDoesWhateverIsDoneToIt() {
    LongMap<String> map = new LongMap<>();
    Map<Long, String> model = new HashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      long key = 1 + random.nextInt(500) * (random.nextBoolean() ? 1L : 1L << 32);
      if (random.nextInt(3) == 0) {
        assertThat(map.remove(key)).isEqualTo(model.remove(key));
      } else {
        map.put(key, "v" + i);
        model.put(key, "v" + i);
      }
      if (i % 1000 == 0) {
        assertThat(map.size()).isEqualTo(model.size());
        model.forEach((each, value) -> assertThat(map.get(each)).isEqualTo(value));
      }
    }
    assertThat(map.get(99_999_999_999L)).isNull();
  }
}
