package dev.sallyport.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands in a lab to their end and looks at what they say. */
final class Inside {
  private static final int PATIENCE_SECONDS = 60;

  private Inside() {}

  record Result(int status, String output) {
    String expectSuccess() {
      assertThat(status).as(output).isZero();
      return output;
    }
  }

  static Result run(Lab lab, String... command) throws IOException, InterruptedException {
    return run(lab.process(command));
  }

  static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), output);
  }

  /** LabMain in a Java of its own. */
  static ProcessBuilder labMain(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(JavaCommand.java());
    command.addAll(List.of("-cp", JavaCommand.classPath(), LabMain.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
