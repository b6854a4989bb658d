package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Removes what labs left whose process was killed before it could. */
final class LabSweep {
  private LabSweep() {}

  static void sweep() {
    try {
      for (Path entry : ownerless(Namespace.FOLDER)) {
        new Namespace(entry.getFileName().toString()).remove();
      }
      for (Path entry : ownerless(Tools.TEMPORARY)) {
        // Anyone can make a folder of such a name; only root's is a lab's.
        if (Integer.valueOf(0)
            .equals(Files.getAttribute(entry, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
          LabFiles.delete(entry);
        }
      }
    } catch (IOException e) {
      throw new LabException("removing what a killed lab left: " + e.getMessage(), e);
    }
  }

  private static List<Path> ownerless(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "sallyport-lab-*")) {
        for (Path entry : entries) {
          LabId.parse(entry.getFileName().toString())
              .filter(id -> !id.ownerLives())
              .ifPresent(id -> found.add(entry));
        }
      }
    }
    return found;
  }
}
