package dev.sallyport.testkit;

import java.io.IOException;
import java.nio.file.Path;

/** Sources of plugins that do one thing wrong, and of one that does none. */
final class BadPlugins {

  /** Writes a record for each program that a job executes. */
  static final String EXEC_C =
      """
      #include <sallyport.bpf.h>
      char LICENSE[] SEC("license") = "GPL";
      struct tick { struct sp_header head; __u32 value; __u32 other; };
      SP_RECORD(tick);
      SEC("tp_btf/sched_process_exec")
      int BPF_PROG(on_exec)
      {
              const struct sp_lineage *process = sp_current();
              struct tick *record;

              if (!process)
                      return 0;
              record = sp_reserve(0, process, sizeof(*record));
              if (!record)
                      return 0;
              record->value = 42;
              record->other = 43;
              sp_submit(record);
              return 0;
      }
      """;

  static final String EMITS = "sink.emit(new Tick(record.u32(LAYOUT.offset(\"value\"))));";

  private static final String PROBE =
      """
      package org.example.@ID@;

      import dev.sallyport.spi.SpiVersion;
      import dev.sallyport.spi.event.*;
      import dev.sallyport.spi.probe.*;
      import java.util.List;

      public final class Probe implements ProbeProvider {
        static final RecordLayout LAYOUT = @LAYOUT@;

        public Probe() {
          @CONSTRUCTOR@
        }

        @Override
        public ProbeDescriptor descriptor() {
          @DESCRIPTOR@
          return new ProbeDescriptor(
              "@PROBE@", "1.0", @SPI@, "ticks", List.of("tick"), @OPTIONAL@,
              List.of(new ProbeDescriptor.EventType("tick")), List.of(LAYOUT), List.of());
        }

        @Override
        public EventDecoder open(ProbeContext context) {
          @OPEN@
          return (record, sink) -> {
            @DECODE@
          };
        }

        static <T extends Throwable> void sneak(Throwable t) throws T {
          @SuppressWarnings("unchecked")
          T thrown = (T) t;
          throw thrown;
        }

        record Tick(long value) implements ProbeEvent {
          public String name() {
            return "org.example.@ID@";
          }

          public void describe(AttributeSink sink) {
            @DESCRIBE@
            sink.put("value", value);
          }
        }
      }
      """;

  private final PluginBuilder builder;
  private final String id;
  private String source;
  private String moreOfModule = "";
  private String c = EXEC_C;

  /** Begins a plugin of module {@code org.example.ID}, whose probe is called ID too. */
  BadPlugins(Path work, String id) throws IOException {
    this.builder = new PluginBuilder(work);
    this.id = id;
    this.source = PROBE.replace("@ID@", id);
  }

  /** Replaces a place in the source, such as {@code CONSTRUCTOR}. */
  BadPlugins with(String place, String code) {
    source = source.replace("@" + place + "@", code);
    return this;
  }

  BadPlugins c(String newC) {
    c = newC;
    return this;
  }

  BadPlugins module(String directives) {
    moreOfModule = directives;
    return this;
  }

  PluginBuilder builder() {
    return builder;
  }

  /** Builds it into a directory. */
  Path into(Path directory) throws Exception {
    String complete =
        with("LAYOUT", layout("u32(\"value\").u32(\"other\")"))
            .with("PROBE", id)
            .with("SPI", "new SpiVersion(1, 0)")
            .with("OPTIONAL", "List.of()")
            .with("DECODE", EMITS)
            .source
            .replaceAll("@[A-Z]+@", "");
    return builder
        .java(
            """
            module org.example.%1$s {
              requires dev.sallyport.spi;
              %2$s
              provides dev.sallyport.spi.probe.ProbeProvider with org.example.%1$s.Probe;
            }
            """
                .formatted(id, moreOfModule))
        .java(complete)
        .bpf("tick", c)
        .jar(directory.resolve(id + ".jar"));
  }

  static String layout(String fields) {
    return "RecordLayout.struct(\"tick\").header().%s.build()".formatted(fields);
  }
}
