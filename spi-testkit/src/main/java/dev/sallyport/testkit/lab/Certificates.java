package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lab's own certificate authority and the one certificate of its servers. */
final class Certificates {
  static final String AUTHORITY = "ca.pem";
  static final String KEY_STORE = "server.p12";

  /** Guards nothing: the key is made for one lab and dies with it, and PKCS #12 wants a word. */
  static final String PASSWORD = "sallyport-lab";

  private static final String DAYS = "7";

  private Certificates() {}

  /** Makes ca.pem and server.p12 in {@code folder}; the keys never leave the {@code tls} folder. */
  static void create(Path folder) throws IOException {
    Path tls =
        Files.createDirectory(
            folder.resolve("tls"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(tls.resolve("ca.cnf"), AUTHORITY_REQUEST);
    Files.writeString(tls.resolve("server.cnf"), serverRequest());
    Files.writeString(tls.resolve("password"), PASSWORD + "\n");
    newKey(tls, "ca.key", "-x509", "-days", DAYS, "-config", "ca.cnf", "-out", AUTHORITY);
    newKey(tls, "server.key", "-config", "server.cnf", "-out", "server.csr");
    openssl(
        tls,
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        AUTHORITY,
        "-CAkey",
        "ca.key",
        "-days",
        DAYS,
        "-set_serial",
        "2",
        "-extfile",
        "server.cnf",
        "-extensions",
        "v3",
        "-out",
        "server.pem");
    openssl(
        tls,
        "pkcs12",
        "-export",
        "-in",
        "server.pem",
        "-inkey",
        "server.key",
        "-certfile",
        AUTHORITY,
        "-passout",
        "file:password",
        "-out",
        KEY_STORE);
    Files.move(tls.resolve(AUTHORITY), folder.resolve(AUTHORITY));
    Files.move(tls.resolve(KEY_STORE), folder.resolve(KEY_STORE));
  }

  private static void newKey(Path tls, String key, String... more) {
    Stream<String> arguments =
        Stream.of(
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            key);
    openssl(tls, Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
  }

  private static void openssl(Path tls, String... arguments) {
    Tools.run(tls, "openssl", arguments);
  }

  private static final String AUTHORITY_REQUEST =
      """
      [req]
      prompt = no
      distinguished_name = name
      x509_extensions = v3
      [name]
      O = Sallyport lab
      CN = Sallyport lab CA
      [v3]
      basicConstraints = critical, CA:true
      keyUsage = critical, keyCertSign, cRLSign
      subjectKeyIdentifier = hash
      """;

  private static String serverRequest() {
    Stream<String> names =
        Stream.of(
                LabHost.NAMED.stream().map(LabHost::name),
                LabHost.ALIASES.stream().map(LabHost.Alias::name),
                Stream.of("*." + LabHost.TUNNEL.name()))
            .flatMap(all -> all)
            .map(name -> "DNS:" + name);
    Stream<String> addresses =
        Stream.concat(LabHost.addresses4().stream(), LabHost.addresses6().stream())
            .map(address -> "IP:" + address);
    return """
    [req]
    prompt = no
    distinguished_name = name
    [name]
    O = Sallyport lab
    CN = lab.example
    [v3]
    basicConstraints = critical, CA:false
    keyUsage = critical, digitalSignature
    extendedKeyUsage = serverAuth
    subjectKeyIdentifier = hash
    authorityKeyIdentifier = keyid
    subjectAltName = %s
    """
        .formatted(Stream.concat(names, addresses).collect(Collectors.joining(",")));
  }
}
