package dev.sallyport.agent.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A command started by posix_spawn, so that the thread that starts it is the one the kernel sees
 * fork, and that what keeps it from starting is an errno and not a guess. It has the agent's
 * standard streams, its working directory, default signal dispositions and no blocked signals.
 */
public final class CommandProcess {

  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final int SIGSET_SIZE = 128;
  private static final int ATTRIBUTES_SIZE = 336; // sizeof(posix_spawnattr_t) in glibc; musl: less
  private static final int SIGNAL_MASK = 0x7f;

  private final int pid;

  private CommandProcess(int pid) {
    this.pid = pid;
  }

  /** What became of starting a command. */
  public sealed interface Start {

    /** It runs. */
    record Started(CommandProcess process) implements Start {}

    /**
     * It could not be started.
     *
     * @param found whether there is such a command at all
     * @param reason in words
     */
    record Failed(boolean found, String reason) implements Start {}
  }

  /**
   * How a command ended.
   *
   * @param code its exit status, 0 when a signal ended it
   * @param signal the signal's number, 0 when none
   */
  public record Exit(int code, int signal) {

    /** {@return the status as shells give it: 128 + n for signal n} */
    public int status() {
      return signal == 0 ? code : 128 + signal;
    }
  }

  /**
   * Starts a command.
   *
   * @param command the program, looked up in PATH, and its arguments
   * @param environment all of its variables
   * @param aboutToFork called on this thread right before the fork, with this thread's id
   */
  public static Start start(
      List<String> command, Map<String, String> environment, Consumer<Integer> aboutToFork) {
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    try (Memory pid = new Memory(4);
        Memory attributes = new Memory(ATTRIBUTES_SIZE);
        Memory signals = new Memory(SIGSET_SIZE);
        CStrings argv = new CStrings(command);
        CStrings envp = new CStrings(variables)) {
      Libc.posix_spawnattr_init(attributes);
      Libc.posix_spawnattr_setflags(attributes, (short) (SETSIGDEF | SETSIGMASK));
      Libc.sigfillset(signals);
      Libc.posix_spawnattr_setsigdefault(attributes, signals);
      Libc.sigemptyset(signals);
      Libc.posix_spawnattr_setsigmask(attributes, signals);
      aboutToFork.accept(Libc.gettid());
      int error =
          Libc.posix_spawnp(
              pid, command.getFirst(), null, attributes, argv.pointer(), envp.pointer());
      Libc.posix_spawnattr_destroy(attributes);
      return error == 0
          ? new Start.Started(new CommandProcess(pid.getInt(0)))
          : new Start.Failed(error != Libc.ENOENT, Libc.message(error));
    }
  }

  /** {@return the process id} */
  public int pid() {
    return pid;
  }

  /** Waits until it ends. Call once. */
  public Exit await() {
    try (Memory status = new Memory(4)) {
      while (Libc.waitpid(pid, status, 0) < 0) {
        if (Libc.errno() != Libc.EINTR) {
          throw new IllegalStateException(
              "waiting for process %d: %s".formatted(pid, Libc.message(Libc.errno())));
        }
      }
      int value = status.getInt(0);
      int signal = value & SIGNAL_MASK;
      return signal == 0 ? new Exit(value >> 8 & 0xff, 0) : new Exit(0, signal);
    }
  }

  /** Sends it a signal; nothing happens when it is gone. Not after {@link #await} has returned. */
  public void signal(int number) {
    Libc.kill(pid, number);
  }

  /**
   * {@return whether the agent shares the terminal's foreground with the command} Then the
   * terminal's interrupt key reaches the command by itself.
   */
  public static boolean sharesForeground() {
    return Libc.isatty(0) == 1 && Libc.tcgetpgrp(0) == Libc.getpgrp();
  }

  /** {@return whether the agent's standard error is a terminal} */
  public static boolean errorIsTerminal() {
    return Libc.isatty(2) == 1;
  }

  /** A null-terminated array of C strings. */
  private static final class CStrings implements AutoCloseable {
    private final Memory array;
    private final List<Memory> strings = new ArrayList<>();

    CStrings(List<String> texts) {
      array = new Memory((texts.size() + 1L) * Native.POINTER_SIZE);
      for (int i = 0; i < texts.size(); i++) {
        // The JVM decodes arguments and variables in the locale's charset; the same way back.
        byte[] bytes = texts.get(i).getBytes(StandardCharsets.UTF_8);
        Memory string = new Memory(bytes.length + 1L);
        string.write(0, bytes, 0, bytes.length);
        string.setByte(bytes.length, (byte) 0);
        strings.add(string);
        array.setPointer((long) i * Native.POINTER_SIZE, string);
      }
      array.setPointer((long) texts.size() * Native.POINTER_SIZE, Pointer.NULL);
    }

    Pointer pointer() {
      return array;
    }

    @Override
    public void close() {
      strings.forEach(Memory::close);
      array.close();
    }
  }
}
