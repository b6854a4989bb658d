package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.spi.SpiVersion;
import dev.sallyport.testkit.Observed.Gap;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one plugin does wrong is told in one line, and costs neither the job nor the other probes
 * anything. Real jars in the real host, beside a plugin that does nothing wrong.
 */
class PluginIsolationTest {

  private static final String NATIVE_CALL =
      "java.lang.foreign.Linker.nativeLinker()"
          + ".downcallHandle(java.lang.foreign.FunctionDescriptor.ofVoid());";

  @TempDir private static Path shared;
  private static Path good;

  @TempDir private Path work;
  private Path plugins;

  @BeforeAll
  static void buildTheGoodOne() throws Exception {
    KernelTests.assumeKernel();
    good = new BadPlugins(shared, "good").into(shared);
  }

  @BeforeEach
  void dropTheGoodOneIn() throws Exception {
    plugins = Files.createDirectory(work.resolve("plugins"));
    Files.copy(good, plugins.resolve("good.jar"));
  }

  @ParameterizedTest
  @CsvSource({"1, 9, upgrade the agent", "2, 0, upgrade the agent", "0, 9, upgrade the probe"})
  void anotherSpiVersion(int major, int minor, String remedy) throws Exception {
    plugin("other").with("SPI", "new SpiVersion(%d, %d)".formatted(major, minor)).into(plugins);

    assertOnlyGap(
        "other",
        "probe other 1.0 needs SPI %d.%d, this agent offers %s: %s"
            .formatted(major, minor, SpiVersion.CURRENT, remedy));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throw new IllegalStateException(\"boom\");   | java.lang.IllegalStateException: boom",
        "throw new AssertionError(\"one\\ntwo\");     | java.lang.AssertionError: one",
        "sneak(new java.io.IOException(\"boom\"));    | java.io.IOException: boom",
        "throw new StackOverflowError();              | java.lang.StackOverflowError",
        "throw new NoSuchMethodError(\"gone\");       | java.lang.NoSuchMethodError: gone",
        "sink.emit(null);                             | java.lang.NullPointerException",
      })
  void decoderThatThrows(String statement, String thrown) throws Exception {
    plugin("thrower").with("DECODE", "if (true) " + statement).into(plugins);

    Observed job = run();

    assertThat(job.gaps())
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.probe()).isEqualTo("thrower");
          assertThat(gap.reason())
              .startsWith("probe thrower: its decoder threw " + thrown)
              .endsWith("; the probe is stopped: " + removeOrMend("thrower"))
              .doesNotContain("\n");
        });
    assertUntouched(job);
    assertThat(job.count("thrower", "tick"))
        .satisfies(
            count -> assertThat(count.delivered()).isEqualTo(count.generated()).isPositive());
  }

  @Test
  void eventThatThrowsWhenDescribed() throws Exception {
    plugin("mute").with("DESCRIBE", "if (true) throw new IllegalStateException();").into(plugins);

    assertOnlyGap(
        "mute",
        "probe mute: its decoder threw java.lang.IllegalStateException; the probe is stopped: "
            + removeOrMend("mute"));
  }

  @Test
  void sinkUsedFromAThreadOfThePlugins() throws Exception {
    plugin("late")
        .with(
            "DECODE",
            """
            Throwable[] thrown = new Throwable[1];
            Thread thread = Thread.ofPlatform().start(() -> {
              try {
                java.util.concurrent.locks.LockSupport.parkNanos(1);
                sink.emit(new Tick(1));
              } catch (Throwable t) {
                thrown[0] = t;
              }
            });
            try {
              thread.join();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            throw new IllegalStateException(String.valueOf(thrown[0]));
            """)
        .into(plugins);

    assertOnlyGap(
        "late",
        "probe late: its decoder threw java.lang.IllegalStateException:"
            + " java.lang.IllegalStateException: emit outside of the call that the sink was passed"
            + " to; the probe is stopped: "
            + removeOrMend("late"));
  }

  @Test
  void objectThatTheVerifierRefuses() throws Exception {
    plugin("unsafe")
        .c(
            """
            #include <sallyport.bpf.h>
            char LICENSE[] SEC("license") = "GPL";
            struct tick { struct sp_header head; __u32 value; __u32 other; };
            SP_RECORD(tick);
            SEC("tp_btf/sched_process_exec")
            int BPF_PROG(on_exec)
            {
                    return sp_current()->step_id; /* NULL for a process of no job */
            }
            """)
        .into(plugins);

    Observed job = run();

    assertThat(job.gaps())
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.probe()).isEqualTo("unsafe");
          assertThat(gap.reason())
              .startsWith("probe unsafe: program on_exec: Permission denied (R0 invalid mem")
              .endsWith(removeOrMend("unsafe"))
              .doesNotContain("\n");
        });
    assertUntouched(job);
  }

  @Test
  void cAndJavaThatDisagree() throws Exception {
    plugin("crooked")
        .with("LAYOUT", BadPlugins.layout("u32(\"other\").u32(\"value\")"))
        .into(plugins);

    assertOnlyGap(
        "crooked",
        "probe crooked: its C and its Java disagree: tick.other is 4 bytes at 68 in the C, 4 bytes"
            + " at 64 in Java; tick.value is 4 bytes at 64 in the C, 4 bytes at 68 in Java: "
            + removeOrMend("crooked"));
  }

  @Test
  void requiredHookThatTheKernelLacks() throws Exception {
    plugin("modern")
        .c(BadPlugins.EXEC_C.replace("sched_process_exec", "no_such_tracepoint"))
        .into(plugins);

    assertOnlyGap(
        "modern",
        "probe modern: needs tp_btf/no_such_tracepoint for on_exec; this kernel has no tracepoint"
            + " no_such_tracepoint: use a newer kernel");
  }

  @Test
  void optionalHookThatTheKernelLacks() throws Exception {
    plugin("partial")
        .c(
            BadPlugins.EXEC_C
                + """
                SEC("tp_btf/no_such_tracepoint")
                int BPF_PROG(on_dream)
                {
                        return 0;
                }
                """)
        .with(
            "OPTIONAL",
            "List.of(new ProbeDescriptor.OptionalProgram(\"on_dream\", \"what the job dreams\"))")
        .into(plugins);

    Observed job = run();

    assertThat(job.gaps())
        .containsExactly(
            new Gap("partial", "not seen: what the job dreams (no tracepoint no_such_tracepoint)"));
    assertThat(job.events("org.example.partial")).hasSize(2);
    assertUntouched(job);
  }

  @Test
  void objectThatIsNotThere() throws Exception {
    plugin("hollow").with("DESCRIPTOR", missingObject("hollow")).into(plugins);

    Observed job = run();

    assertThat(job.gaps())
        .singleElement()
        .satisfies(gap ->
            assertThat(gap.reason())
                .matches(
                    "probe hollow: expected META-INF/bpf/\\w+/gone.bpf.o in its jar, found"
                        + " nothing: compile it for \\w+ too"));
    assertUntouched(job);
  }

  @Test
  void ownCopyOfTheSpi() throws Exception {
    BadPlugins fat = plugin("fat");
    String type = "dev/sallyport/spi/SpiVersion.class";
    try (InputStream spi = SpiVersion.class.getModule().getResourceAsStream(type)) {
      fat.builder().file(type, spi.readAllBytes());
    }
    fat.into(plugins);

    assertOnlyGap(
        "fat.jar",
        "plugin %s: module org.example.fat brings package dev.sallyport.spi, which is the host's:"
                .formatted(plugins.resolve("fat.jar"))
            + " leave it out of the plugin");
  }

  @Test
  void moduleOfTheAgentThatAPluginMayNotHave() throws Exception {
    plugin("nosy").module("requires com.sun.jna;").into(plugins);

    assertOnlyGap(
        "nosy.jar",
        "plugin %s: module org.example.nosy requires com.sun.jna, expected only JDK modules,"
                .formatted(plugins.resolve("nosy.jar"))
            + " dev.sallyport.spi and what the plugin brings: put the jar of com.sun.jna into a"
            + " folder together with it");
  }

  @Test
  void classOfTheAgentByName() throws Exception {
    plugin("snoop")
        .with(
            "DECODE",
            "try { Class.forName(\"com.sun.jna.Native\"); }"
                + " catch (ClassNotFoundException e) { sneak(e); }")
        .into(plugins);

    assertOnlyGap(
        "snoop",
        "probe snoop: its decoder threw java.lang.ClassNotFoundException: com.sun.jna.Native; the"
            + " probe is stopped: "
            + removeOrMend("snoop"));
  }

  @Test
  void nativeCallInTheDecoder() throws Exception {
    plugin("native1").with("DECODE", NATIVE_CALL).into(plugins);

    assertOnlyGap(
        "native1",
        "probe native1: its decoder threw java.lang.IllegalCallerException: Illegal native access"
            + " from module org.example.native1 (file:%s); the probe is stopped: "
                .formatted(plugins.resolve("native1.jar"))
            + removeOrMend("native1"));
  }

  @Test
  void nativeCallInTheConstructor() throws Exception {
    plugin("native2").with("CONSTRUCTOR", NATIVE_CALL).into(plugins);

    assertOnlyGap(
        "native2.jar",
        ("plugin %1$s: making org.example.native2.Probe threw java.lang.IllegalCallerException:"
                + " Illegal native access from module org.example.native2 (file:%1$s): remove it or"
                + " get a mended version")
            .formatted(plugins.resolve("native2.jar")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"IllegalStateException", "AssertionError"})
  void constructorThatThrows(String type) throws Exception {
    plugin("stillborn")
        .with("CONSTRUCTOR", "if (true) throw new %s(\"boom\");".formatted(type))
        .into(plugins);

    assertOnlyGap(
        "stillborn.jar",
        "plugin %s: making org.example.stillborn.Probe threw java.lang.%s: boom: remove it or get a"
                .formatted(plugins.resolve("stillborn.jar"), type)
            + " mended version");
  }

  @Test
  void descriptorThatThrows() throws Exception {
    plugin("shy").with("DESCRIPTOR", "if (true) throw new AssertionError(\"boom\");").into(plugins);

    assertOnlyGap(
        "shy.jar",
        "plugin %s: the descriptor of org.example.shy.Probe threw java.lang.AssertionError: boom:"
                .formatted(plugins.resolve("shy.jar"))
            + " remove it or get a mended version");
  }

  @Test
  void descriptorThatIsNull() throws Exception {
    plugin("nameless").with("DESCRIPTOR", "if (true) return null;").into(plugins);

    assertOnlyGap(
        "nameless.jar",
        "plugin %s: org.example.nameless.Probe: expected a descriptor, found null: get a mended"
                .formatted(plugins.resolve("nameless.jar"))
            + " version");
  }

  @Test
  void decoderThatCannotBeOpened() throws Exception {
    plugin("closed").with("OPEN", "context.map(\"no_such_map\");").into(plugins);

    assertOnlyGap(
        "closed",
        "probe closed: opening it threw java.lang.IllegalArgumentException: probe closed has no map"
            + " no_such_map: "
            + removeOrMend("closed"));
  }

  @Test
  void emptyFile() throws Exception {
    Files.createFile(plugins.resolve("empty.jar"));

    assertOnlyGap(
        "empty.jar",
        "plugin %1$s: expected modules that can be loaded, found Error reading %1$s"
                .formatted(plugins.resolve("empty.jar"))
            + " (java.util.zip.ZipException: zip file is empty): build it again");
  }

  @Test
  void jarWithoutAModule() throws Exception {
    new PluginBuilder(work).jar(plugins.resolve("plain.jar"));

    assertOnlyGap(
        "plain.jar",
        "plugin %s: expected a module that provides dev.sallyport.spi.probe.ProbeProvider, found"
                .formatted(plugins.resolve("plain.jar"))
            + " none in it: say so in its module-info");
  }

  @Test
  void directoryThatDoesNotExist() throws Exception {
    Path nowhere = work.resolve("nowhere");

    Observed job = ProbeTestKit.observe().plugins(nowhere).run("sh", "-c", "/usr/bin/true; exit 7");

    assertThat(job.exitStatus()).isEqualTo(7);
    assertThat(job.events("sallyport.process.exec")).hasSize(2);
    assertThat(job.gaps())
        .containsExactly(
            new Gap(
                nowhere.toString(),
                "plugin directory %s: expected a readable directory, found nothing: create it or"
                        .formatted(nowhere)
                    + " name another"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "process"})
  void idThatAnotherProbeHas(String id) throws Exception {
    plugin("twin").with("PROBE", id).into(plugins);

    assertOnlyGap(
        id,
        "probe %s (%s): expected an id of its own, found another probe with this one: remove one of"
                .formatted(id, plugins.resolve("twin.jar"))
            + " the two");
  }

  @Test
  void manyAtOnce() throws Exception {
    plugin("thrower").with("DECODE", "if (true) throw new IllegalStateException();").into(plugins);
    plugin("stillborn").with("CONSTRUCTOR", "if (true) throw new Error();").into(plugins);
    Files.createFile(plugins.resolve("empty.jar"));
    Files.writeString(plugins.resolve("notes.txt"), "not a plugin");

    Observed job = run();

    assertThat(job.gaps())
        .extracting(Gap::probe)
        .containsExactly("empty.jar", "stillborn.jar", "thrower");
    assertUntouched(job);
  }

  @Test
  void folderWithALibraryOfItsOwn() throws Exception {
    Path folder = Files.createDirectory(plugins.resolve("together"));
    Path library =
        new PluginBuilder(work)
            .java("module org.example.library { exports org.example.library; }")
            .java(
                """
                package org.example.library;
                public final class Numbers {
                  public static long answer() { return 42; }
                }
                """)
            .jar(folder.resolve("library.jar"));
    BadPlugins user = plugin("user").module("requires org.example.library;");
    user.builder().against(library);
    user.with("DECODE", "sink.emit(new Tick(org.example.library.Numbers.answer()));").into(folder);

    Observed job = run();

    assertThat(job.gaps()).isEmpty();
    assertThat(job.events("org.example.user"))
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.attributes()).containsEntry("value", 42L));
    assertUntouched(job);
  }

  private BadPlugins plugin(String id) throws Exception {
    return new BadPlugins(work, id);
  }

  private static String missingObject(String id) {
    return """
    if (true) {
      return new ProbeDescriptor(
          "%s", "1.0", SpiVersion.CURRENT, "", List.of("gone"), List.of(), List.of(),
          List.of(), List.of());
    }
    """
        .formatted(id);
  }

  private String removeOrMend(String id) {
    return "remove %s or get a mended version".formatted(plugins.resolve(id + ".jar"));
  }

  private Observed run() throws InterruptedException {
    return ProbeTestKit.observe().plugins(plugins).run("sh", "-c", "/usr/bin/true; exit 7");
  }

  private void assertOnlyGap(String probe, String reason) throws InterruptedException {
    Observed job = run();
    assertThat(job.gaps()).containsExactly(new Gap(probe, reason));
    assertUntouched(job);
  }

  private static void assertUntouched(Observed job) {
    assertThat(job.exitStatus()).isEqualTo(7);
    assertThat(job.events("sallyport.process.exec")).hasSize(2);
    assertThat(job.events("org.example.good"))
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.attributes()).containsEntry("value", 42L));
    assertThat(job.losses()).isEmpty();
  }
}
