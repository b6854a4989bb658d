package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names everything that one lab makes on the machine, so that another can tell whether its owner
 * still lives: a process id alone is used again, with the start time it is not.
 *
 * @param pid of the Java process that owns the lab
 * @param startTicks when that process started, in clock ticks since boot
 * @param number of the lab within that process
 */
record LabId(long pid, long startTicks, int number) {
  private static final Pattern NAME =
      Pattern.compile("sallyport-lab-(\\d{1,10})-(\\d{1,18})-(\\d{1,9})(?:-.*)?");
  private static final AtomicInteger NEXT = new AtomicInteger(1);

  static LabId next() {
    long pid = ProcessHandle.current().pid();
    long start =
        startTicks(pid)
            .orElseThrow(
                () -> new LabException("/proc/self/stat is not readable: is /proc there?"));
    return new LabId(pid, start, NEXT.getAndIncrement());
  }

  /** The lab that made something of this name; empty when no lab did. */
  static Optional<LabId> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new LabId(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Integer.parseInt(matcher.group(3))));
  }

  boolean ownerLives() {
    return startTicks(pid).filter(start -> start == startTicks).isPresent();
  }

  @Override
  public String toString() {
    return "sallyport-lab-" + pid + "-" + startTicks + "-" + number;
  }

  private static Optional<Long> startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The command's name is in brackets and may hold anything: count from the last bracket.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(Long.parseLong(fields[19]));
    } catch (IOException e) {
      return Optional.empty(); // no such process
    }
  }
}
