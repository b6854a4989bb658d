package dev.sallyport.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.kernel.Btf.Member;
import dev.sallyport.agent.kernel.Btf.Struct;
import dev.sallyport.spi.probe.RecordLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayoutCheckTest {

  private static final RecordLayout LAYOUT =
      RecordLayout.struct("r").header().u32("a").u64("b").bytes("c", 3).build();

  private final Map<String, Member> members = new LinkedHashMap<>();

  LayoutCheckTest() {
    members.put("head", new Member(0, 64));
    members.put("a", new Member(64, 4));
    members.put("b", new Member(72, 8));
    members.put("c", new Member(80, 3));
  }

  @Test
  void agrees() {
    assertThat(LayoutCheck.differences(LAYOUT, new Struct(88, members))).isEmpty();
  }

  @Test
  void namesAFieldThatMoved() {
    members.put("b", new Member(68, 8));

    assertThat(LayoutCheck.differences(LAYOUT, new Struct(88, members)))
        .containsExactly("r.b is 8 bytes at 68 in the C, 8 bytes at 72 in Java");
  }

  @Test
  void namesAFieldOfAnotherSize() {
    members.put("a", new Member(64, 2));

    assertThat(LayoutCheck.differences(LAYOUT, new Struct(88, members)))
        .containsExactly("r.a is 2 bytes at 64 in the C, 4 bytes at 64 in Java");
  }

  @Test
  void namesFieldsThatOneSideLacks() {
    members.remove("c");
    members.put("d", new Member(80, 3));

    assertThat(LayoutCheck.differences(LAYOUT, new Struct(88, members)))
        .containsExactly("r.c is not in the C", "r.d is not in Java");
  }

  @Test
  void tellsAStructOfAnotherSize() {
    assertThat(LayoutCheck.differences(LAYOUT, new Struct(96, members)))
        .containsExactly("r is 96 bytes in the C, 88 in Java");
  }

  @Test
  void tellsAStructThatIsNowhere() {
    assertThat(LayoutCheck.differences(LAYOUT, List.of()))
        .containsExactly("struct r is in none of the objects");
  }
}
