package dev.sallyport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a measuring program wrote: lines of {@code name=number}. */
record Values(Map<String, Long> numbers) {

  static Values read(Path file) {
    Map<String, Long> numbers = new HashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        numbers.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
      }
    } catch (IOException e) {
      throw new BenchFailure("%s: expected a measurement, found none (%s)".formatted(file, e));
    }
    return new Values(numbers);
  }

  /** {@return a number of nanoseconds, in seconds} */
  double seconds(String name) {
    return get(name) / 1e9;
  }

  long get(String name) {
    Long value = numbers.get(name);
    if (value == null) {
      throw new BenchFailure("measurement: expected %s, found %s".formatted(name, numbers));
    }
    return value;
  }
}
