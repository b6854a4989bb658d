package dev.sallyport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** What the numbers were taken on: a number without its machine says little. */
final class Machine {

  private Machine() {}

  static String describe(Bench bench, boolean quick) throws IOException, InterruptedException {
    String cpu = value("/proc/cpuinfo", "model name");
    long memory = Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
    String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    String load = Files.readString(Path.of("/proc/loadavg"));
    String plugins = bench.run(List.of(bench.launcher().toString(), "plugins", "list")).strip();
    return String.format(
        Locale.ROOT,
        """
        # Benchmarks%s

        - %s; %d CPUs (%s), %.0f GiB, Linux %s, Java %s
        - load average before: %s (numbers taken above 0.5 are not worth much)
        - probes:

        ```
        %s
        ```
        """,
        quick ? ", quick" : "",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        cpu,
        memory / 1048576.0,
        kernel,
        Runtime.version(),
        load.substring(0, load.indexOf(' ')),
        plugins);
  }

  /** {@return the value of a {@code key : value} line} */
  static String value(String file, String key) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith(key)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "unknown";
  }
}
