package dev.sallyport.agent.report;

import dev.sallyport.agent.pipeline.Loss;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Writes a report's files. */
public final class ReportWriter {

  // Readable to all: the agent is root, who reads a report is the runner's user.
  private static final Set<PosixFilePermission> PERMISSIONS =
      PosixFilePermissions.fromString("rw-r--r--");

  private static final SecureRandom RANDOM = new SecureRandom();

  private ReportWriter() {}

  /** How it went. */
  public sealed interface Outcome {

    /**
     * All files are there, whole.
     *
     * @param directory where
     * @param files the files' names
     */
    record Written(Path directory, List<String> files) implements Outcome {}

    /**
     * Not all files could be written; those that could are there, whole.
     *
     * @param message one line: what, where, why, and the remedy
     */
    record NotWritten(String message) implements Outcome {}
  }

  /** A renderer of one format. */
  private interface Renderer {
    void render(Writer out) throws IOException;
  }

  /**
   * Writes report.md, report.html and report.json, making the directory where it is missing. A
   * reader sees each file's old or its new content, never a part. The directory may be the job's:
   * links that a job lays in it are replaced, never followed.
   *
   * <p>To be called after the model's last event; blocks for as long as writing takes.
   *
   * @param directory where to
   * @param model the job
   * @param losses everything that any part of the agent lost
   */
  public static Outcome write(Path directory, ReportModel model, List<Loss> losses) {
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> opened = Files.newDirectoryStream(directory)) {
        if (!(opened instanceof SecureDirectoryStream<Path> secure)) {
          return new Outcome.NotWritten(
              "report not written to "
                  + shown(directory)
                  + ": its file system cannot be written without races; choose another directory");
        }
        // Machines first, so that its view is garbage when the next one is made.
        writeJson(secure, model, losses);
        ReportView people = ViewBuilder.forPeople(model, losses);
        writeFile(secure, "report.md", out -> MarkdownReport.write(people, out));
        writeFile(secure, "report.html", out -> HtmlReport.write(people, out));
      }
      return new Outcome.Written(directory, List.of("report.md", "report.html", "report.json"));
    } catch (IOException e) {
      return new Outcome.NotWritten("report not written to " + shown(directory) + ": " + reason(e));
    }
  }

  private static void writeJson(
      SecureDirectoryStream<Path> directory, ReportModel model, List<Loss> losses)
      throws IOException {
    ReportView machines = ViewBuilder.forMachines(model, losses);
    writeFile(directory, "report.json", out -> JsonReport.write(machines, out));
  }

  private static void writeFile(
      SecureDirectoryStream<Path> directory, String name, Renderer renderer) throws IOException {
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    Path temporary = Path.of("." + name + "." + HexFormat.of().formatHex(random) + ".tmp");
    boolean moved = false;
    try {
      try (SeekableByteChannel channel =
              directory.newByteChannel(
                  temporary,
                  Set.of(
                      StandardOpenOption.CREATE_NEW,
                      StandardOpenOption.WRITE,
                      LinkOption.NOFOLLOW_LINKS),
                  PosixFilePermissions.asFileAttribute(PERMISSIONS));
          Writer out =
              new BufferedWriter(
                  new OutputStreamWriter(
                      Channels.newOutputStream(channel),
                      StandardCharsets.UTF_8
                          .newEncoder()
                          .onMalformedInput(CodingErrorAction.REPLACE)
                          .onUnmappableCharacter(CodingErrorAction.REPLACE)),
                  1 << 16)) {
        renderer.render(out);
      }
      directory.move(temporary, directory, Path.of(name));
      moved = true;
    } finally {
      if (!moved) {
        discard(directory, temporary);
      }
    }
  }

  private static void discard(SecureDirectoryStream<Path> directory, Path temporary) {
    try {
      directory.deleteFile(temporary);
    } catch (IOException e) {
      // It was never made, or cannot be removed: the first error is the one to tell.
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied ->
          "permission denied; choose a directory that this user can write";
      case FileAlreadyExistsException exists -> "there is a file of that name; choose a directory";
      case NotDirectoryException file -> "it is not a directory; choose a directory";
      case NoSuchFileException missing -> "it went away while the report was written";
      case FileSystemException system when system.getReason() != null ->
          Visible.of(system.getReason()) + "; make room or choose another directory";
      default -> Visible.of(String.valueOf(e.getMessage()));
    };
  }

  private static String shown(Path directory) {
    return Visible.of(directory.toString());
  }
}
