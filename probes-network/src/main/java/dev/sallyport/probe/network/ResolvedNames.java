package dev.sallyport.probe.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which name each job learned an address by: the name that it asked for, not where a chain of
 * aliases led.
 *
 * <p>The kernel writes the answer's record before it hands the answer to the process, and records
 * come in order: at a contact's record the names it can have come from are here.
 */
final class ResolvedNames {

  private static final int MOST_JOBS = 64;

  private final int mostAddresses;
  private final Map<Long, Map<IpAddress, String>> byJob = new Latest<>(MOST_JOBS);

  ResolvedNames(int mostAddresses) {
    this.mostAddresses = mostAddresses;
  }

  /** Notes an address; of several names the latest counts. */
  void learn(long jobId, IpAddress address, String name) {
    byJob.computeIfAbsent(jobId, id -> new Latest<>(mostAddresses)).put(address, name);
  }

  /** {@return the name, null when the job asked for none that has this address} */
  @Nullable String of(long jobId, IpAddress address) {
    Map<IpAddress, String> names = byJob.get(jobId);
    return names == null ? null : names.get(address);
  }

  /** Keeps those that were used last. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    Latest(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }
}
