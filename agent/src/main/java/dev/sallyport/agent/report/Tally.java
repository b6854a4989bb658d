package dev.sallyport.agent.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts by name, the first so many names; the rest is counted together. Reader thread only. */
final class Tally {

  private final int maxNames;
  private final Map<String, Long> counts = LinkedHashMap.newLinkedHashMap(4);
  private long beyond;

  Tally(int maxNames) {
    this.maxNames = maxNames;
  }

  void add(String name, long count) {
    Long known = counts.get(name);
    if (known != null || counts.size() < maxNames) {
      counts.put(name, (known == null ? 0 : known) + count);
    } else {
      beyond += count;
    }
  }

  /** {@return the counts, in order of first sight} */
  Map<String, Long> counts() {
    return counts;
  }

  /** {@return how much was counted under names that were not kept} */
  long beyond() {
    return beyond;
  }
}
