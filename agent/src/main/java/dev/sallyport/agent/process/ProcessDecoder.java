package dev.sallyport.agent.process;

import static dev.sallyport.agent.process.ProcessRecords.EXEC_LAYOUT;
import static dev.sallyport.agent.process.ProcessRecords.EXIT_LAYOUT;
import static dev.sallyport.agent.process.ProcessRecords.FORK_LAYOUT;

import dev.sallyport.agent.correlation.ProcessNode;
import dev.sallyport.agent.correlation.ProcessTable;
import dev.sallyport.spi.probe.EventDecoder;
import dev.sallyport.spi.probe.EventSink;
import dev.sallyport.spi.probe.ProbeContext;
import dev.sallyport.spi.probe.RecordReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Keeps the process table, and gives exec and exit events. */
final class ProcessDecoder implements EventDecoder {

  private static final int FORK_PARENT_EXEC = FORK_LAYOUT.offset("parent_exec_id");
  private static final int FORK_START = FORK_LAYOUT.offset("start_ns");
  private static final int FORK_PARENT = FORK_LAYOUT.offset("parent_tgid");

  private static final int EXEC_PREVIOUS = EXEC_LAYOUT.offset("previous_exec_id");
  private static final int EXEC_START = EXEC_LAYOUT.offset("start_ns");
  private static final int EXEC_INODE = EXEC_LAYOUT.offset("inode");
  private static final int EXEC_DEVICE = EXEC_LAYOUT.offset("device");
  private static final int EXEC_FLAGS = EXEC_LAYOUT.offset("flags");
  private static final int EXEC_UID = EXEC_LAYOUT.offset("uid");
  private static final int EXEC_EUID = EXEC_LAYOUT.offset("euid");
  private static final int EXEC_EGID = EXEC_LAYOUT.offset("egid");
  private static final int EXEC_EUID_BEFORE = EXEC_LAYOUT.offset("euid_before");
  private static final int EXEC_EGID_BEFORE = EXEC_LAYOUT.offset("egid_before");
  private static final int EXEC_ARGS_TOTAL = EXEC_LAYOUT.offset("args_total");
  private static final int EXEC_PATH_LENGTH = EXEC_LAYOUT.offset("path_length");
  private static final int EXEC_CWD_LENGTH = EXEC_LAYOUT.offset("cwd_length");
  private static final int EXEC_ARGS_LENGTH = EXEC_LAYOUT.offset("args_length");
  private static final int EXEC_DATA = EXEC_LAYOUT.offset("data");

  private static final int EXIT_STATUS = EXIT_LAYOUT.offset("status");

  private final ProbeContext context;
  private final ProcessTable processes;
  private final @Nullable ProcessNode agent;
  private final LongConsumer imageEnded;

  ProcessDecoder(
      ProbeContext context,
      ProcessTable processes,
      @Nullable ProcessNode agent,
      LongConsumer imageEnded) {
    this.context = context;
    this.processes = processes;
    this.agent = agent;
    this.imageEnded = imageEnded;
  }

  @Override
  public void decode(RecordReader record, EventSink sink) {
    switch (record.eventType()) {
      case ProcessRecords.FORK -> fork(record);
      case ProcessRecords.EXEC -> exec(record, sink);
      case ProcessRecords.EXIT -> exit(record, sink);
      default -> sink.malformed("process: unknown record type");
    }
  }

  private void fork(RecordReader record) {
    int parentPid = record.i32(FORK_PARENT);
    boolean ofAgent = agent != null && agent.pid() == parentPid;
    processes.forked(
        record.execId(),
        record.pid(),
        parentPid,
        context.toUnixNanos(record.i64(FORK_START)),
        processes.get(record.i64(FORK_PARENT_EXEC)),
        ofAgent ? agent : null);
  }

  private void exec(RecordReader record, EventSink sink) {
    long previous = record.i64(EXEC_PREVIOUS);
    int flags = record.i32(EXEC_FLAGS);
    int pathLength = record.u16(EXEC_PATH_LENGTH);
    int cwdLength = record.u16(EXEC_CWD_LENGTH);
    int argsLength = record.u16(EXEC_ARGS_LENGTH);
    long unixNanos = context.toUnixNanos(record.timeNanos());
    ProcessNode.Image image =
        new ProcessNode.Image(
            record.text(EXEC_DATA, pathLength),
            arguments(record.bytes(EXEC_DATA + pathLength + cwdLength, argsLength)),
            (flags & ProcessRecords.ARGS_CUT) != 0,
            record.text(EXEC_DATA + pathLength, cwdLength),
            record.i32(EXEC_EUID),
            record.i32(EXEC_EGID),
            false,
            unixNanos);
    processes.executed(
        record.execId(),
        previous,
        record.pid(),
        context.toUnixNanos(record.i64(EXEC_START)),
        image);
    processes.ended(previous, new ProcessNode.Exit(unixNanos, 0, 0, true));
    sink.emit(
        new ExecEvent(
            record.i32(EXEC_EUID_BEFORE),
            record.i32(EXEC_EUID),
            record.i32(EXEC_EGID_BEFORE),
            record.i32(EXEC_EGID),
            record.i32(EXEC_UID),
            (flags & ProcessRecords.SECURE) != 0,
            (flags & ProcessRecords.MEMFD) != 0,
            (flags & ProcessRecords.DELETED) != 0,
            record.i64(EXEC_INODE),
            record.u32(EXEC_DEVICE),
            record.u32(EXEC_ARGS_TOTAL)));
    imageEnded.accept(previous);
  }

  private void exit(RecordReader record, EventSink sink) {
    int status = record.i32(EXIT_STATUS);
    int signal = status & 0x7f;
    int code = signal == 0 ? status >> 8 & 0xff : 0;
    processes.ended(
        record.execId(),
        new ProcessNode.Exit(context.toUnixNanos(record.timeNanos()), code, signal, false));
    sink.emit(new ExitEvent(code, signal, (status & 0x80) != 0));
    imageEnded.accept(record.execId());
  }

  /** Arguments as the kernel has them: each ended by a zero byte, the last one perhaps cut. */
  static List<String> arguments(byte[] bytes) {
    List<String> arguments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        arguments.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    if (start < bytes.length) {
      arguments.add(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
    }
    return List.copyOf(arguments);
  }
}
