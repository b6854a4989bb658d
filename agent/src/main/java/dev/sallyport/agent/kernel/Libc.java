package dev.sallyport.agent.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The C library's calls that the JDK does not offer. Set-up calls all: nothing per event.
 *
 * <p>A call that fails sets {@link #errno()} for its thread.
 */
final class Libc {

  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_SHARED = 1;
  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x80000;
  static final int CLOCK_MONOTONIC = 1;
  static final int CLOCK_BOOTTIME = 7;
  static final short POLLIN = 1;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int ENOMEM = 12;
  static final int EBUSY = 16;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  static native Pointer mmap(
      @Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(Pointer address, long length);

  static native int poll(Pointer fds, long count, int timeoutMillis);

  static native int open(String path, int flags);

  static native long read(int fd, Pointer buffer, long length);

  static native int close(int fd);

  static native int kill(int pid, int signal);

  static native int geteuid();

  static native int isatty(int fd);

  static native int getpgrp();

  static native int tcgetpgrp(int fd);

  static native int clock_gettime(int clock, Pointer timespec);

  static native int sched_yield();

  static native int gettid();

  static native int setpriority(int which, int who, int nice);

  static native int getpagesize();

  static native int mount(
      String source, String target, String type, long flags, @Nullable Pointer data);

  static native int waitpid(int pid, Pointer status, int options);

  static native int posix_spawnp(
      Pointer pid,
      String file,
      @Nullable Pointer fileActions,
      @Nullable Pointer attributes,
      Pointer argv,
      Pointer envp);

  static native int posix_spawnattr_init(Pointer attributes);

  static native int posix_spawnattr_destroy(Pointer attributes);

  static native int posix_spawnattr_setflags(Pointer attributes, short flags);

  static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  static native int sigemptyset(Pointer signals);

  static native int sigfillset(Pointer signals);

  private static native String strerror(int errno);

  /** {@return errno of this thread's last failed call} */
  static int errno() {
    return Native.getLastError();
  }

  /** {@return an errno in words, such as "Operation not permitted"} */
  static String message(int errno) {
    return strerror(errno);
  }

  /** {@return a clock's time in nanoseconds} */
  static long clock(int clock) {
    try (Memory timespec = new Memory(16)) {
      if (clock_gettime(clock, timespec) != 0) {
        throw new IllegalStateException("clock_gettime(%d): %s".formatted(clock, message(errno())));
      }
      return timespec.getNativeLong(0).longValue() * 1_000_000_000L
          + timespec.getNativeLong(NativeLong.SIZE).longValue();
    }
  }
}
