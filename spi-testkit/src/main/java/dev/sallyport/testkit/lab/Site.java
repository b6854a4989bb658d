package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Builds what the lab's web serves: a git repository and an npm registry of two packages. */
final class Site {
  /** Below the lab's folder; has a folder for each host. */
  static final String FOLDER = "site";

  private static final List<String> APP =
      List.of("README.md", "make.sh", "test.sh", "src/main.c", "src/sum.sh");
  private static final NpmPackage PAD =
      new NpmPackage("left-pad", "1.3.0", List.of("package.json", "index.js"));
  private static final NpmPackage CHECKSUM =
      new NpmPackage(
          "fast-checksum",
          "2.1.0",
          List.of(
              "package.json",
              "checksum.c",
              "checksum.h",
              "scripts/postinstall.sh",
              "scripts/telemetry.sh"));

  private record NpmPackage(String name, String version, List<String> files) {}

  private Site() {}

  static void create(Path folder) throws IOException {
    Path site = Files.createDirectory(folder.resolve(FOLDER));
    Path work = Files.createDirectory(folder.resolve("site-work"));
    repository(work, site.resolve("github.com/acme/app.git"));
    registryPackage(work, site.resolve("registry.npmjs.org"), PAD);
    registryPackage(work, site.resolve("registry.npmjs.org"), CHECKSUM);
  }

  /** A bare repository that plain files over HTTP are enough to clone from. */
  private static void repository(Path work, Path target) throws IOException {
    Path app = Files.createDirectory(work.resolve("app"));
    for (String file : APP) {
      copy("site/app/" + file, app.resolve(file));
    }
    git(app, "init", "--quiet", "--initial-branch=main");
    git(app, "add", "--all");
    git(
        app,
        "-c",
        "user.name=Acme",
        "-c",
        "user.email=dev@acme.example",
        "-c",
        "commit.gpgSign=false",
        "commit",
        "--quiet",
        "--message=Sum the lines of a file");
    Files.createDirectories(target.getParent());
    git(work, "clone", "--quiet", "--bare", "--no-hardlinks", "app", target.toString());
    git(target, "update-server-info");
  }

  private static void git(Path folder, String... arguments) {
    Tools.run(folder, "git", arguments);
  }

  private static void registryPackage(Path work, Path registry, NpmPackage content)
      throws IOException {
    Path source = work.resolve(content.name);
    for (String file : content.files) {
      copy("site/npm/" + content.name + "/" + file, source.resolve("package").resolve(file));
    }
    String tarball = content.name + "-" + content.version + ".tgz";
    Path tarballs = Files.createDirectories(registry.resolve(content.name).resolve("-"));
    Tools.run(
        source,
        "tar",
        "--create",
        "--gzip",
        "--file=" + tarballs.resolve(tarball),
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "package");
    byte[] bytes = Files.readAllBytes(tarballs.resolve(tarball));
    Files.writeString(
        registry.resolve(content.name).resolve("index.json"),
        """
        {
          "name": "%1$s",
          "dist-tags": {"latest": "%2$s"},
          "versions": {
            "%2$s": {
              "name": "%1$s",
              "version": "%2$s",
              "hasInstallScript": %6$s,
              "dist": {
                "tarball": "https://registry.npmjs.org/%1$s/-/%3$s",
                "integrity": "sha512-%4$s",
                "shasum": "%5$s"
              }
            }
          }
        }
        """
            .formatted(
                content.name,
                content.version,
                tarball,
                Base64.getEncoder().encodeToString(digest("SHA-512", bytes)),
                HexFormat.of().formatHex(digest("SHA-1", bytes)),
                content.name.equals(CHECKSUM.name)));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JDK has both
    }
  }

  /** Copies one of the lab's own files out of this module. */
  static void copy(String resource, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try (InputStream in = Site.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError("the module lacks " + resource);
      }
      Files.copy(in, target);
    }
    if (isScript(target)) {
      if (!target.toFile().setExecutable(true, false)) {
        throw new IOException("making " + target + " executable");
      }
    }
  }

  private static boolean isScript(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).startsWith("#!");
  }
}
