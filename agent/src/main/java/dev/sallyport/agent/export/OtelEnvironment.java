package dev.sallyport.agent.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the standard variables. The SDK's own autoconfiguration does as much, but loads and starts
 * providers, exporters and their senders at once, where the agent wants them late and on another
 * thread; and it tells mistakes by stack trace.
 */
final class OtelEnvironment {

  private static final String OPTION = "--otlp-endpoint";
  private static final int DEFAULT_PORT = 4317;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_METRIC_INTERVAL = Duration.ofSeconds(60);
  private static final Pattern HEADER_NAME = Pattern.compile("[0-9a-z_.-]+");

  private final Map<String, String> environment;
  private final @Nullable String endpointOption;

  OtelEnvironment(Map<String, String> environment, @Nullable String endpointOption) {
    this.environment = environment;
    this.endpointOption = endpointOption;
  }

  /** A value that cannot be used. Never leaves this package. */
  static final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;
    private final String line;

    BadValue(String where, String found, String expected) {
      super(null, null, false, false);
      this.line = where + ": " + found + "; expected " + expected;
    }

    String line() {
      return line;
    }
  }

  ExportSettings.Result read(Path spoolDirectory) throws BadValue {
    String disabled = value("OTEL_SDK_DISABLED");
    if (disabled != null && disabled.equalsIgnoreCase("true")) {
      return new ExportSettings.Disabled("OTEL_SDK_DISABLED is true");
    }
    Map<Signal, Target> targets = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      Target target = target(signal);
      if (target != null) {
        targets.put(signal, target);
      }
    }
    if (targets.isEmpty()) {
      return new ExportSettings.Disabled(
          "neither " + OPTION + " nor OTEL_EXPORTER_OTLP_ENDPOINT is given");
    }
    checkResourceAttributes();
    return new ExportSettings.Enabled(
        new ExportSettings(
            targets,
            spoolDirectory,
            millis("OTEL_METRIC_EXPORT_INTERVAL", DEFAULT_METRIC_INTERVAL),
            ExportSettings.DEFAULT_DISK_BYTES,
            ExportSettings.DEFAULT_QUEUE_CAPACITY));
  }

  private @Nullable Target target(Signal signal) throws BadValue {
    if (!wanted(signal)) {
      return null;
    }
    String where = endpointOption != null ? OPTION : variable(signal, "ENDPOINT");
    String endpoint = endpointOption != null ? endpointOption : value(where);
    if (endpoint == null) {
      return null;
    }
    URI uri = endpoint(where, endpoint);
    checkProtocol(variable(signal, "PROTOCOL"));
    Path certificate = certificate(variable(signal, "CERTIFICATE"));
    String clientWhere = variable(signal, "CLIENT_CERTIFICATE");
    Path clientCertificate = certificate(clientWhere);
    String keyWhere = variable(signal, "CLIENT_KEY");
    Path clientKey = privateKey(keyWhere);
    if ((clientCertificate == null) != (clientKey == null)) {
      throw new BadValue(
          clientCertificate == null ? keyWhere : clientWhere,
          "given alone",
          "client certificate and client key together");
    }
    int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
    return new Target(
        uri.getHost() + ":" + port,
        uri.getScheme().equalsIgnoreCase("https"),
        headers(variable(signal, "HEADERS")),
        certificate,
        clientCertificate,
        clientKey,
        gzip(variable(signal, "COMPRESSION")),
        millis(variable(signal, "TIMEOUT"), DEFAULT_TIMEOUT));
  }

  private boolean wanted(Signal signal) throws BadValue {
    String where = "OTEL_" + signal.variable() + "_EXPORTER";
    String exporter = value(where);
    if (exporter == null || exporter.equals("otlp")) {
      return true;
    }
    if (exporter.equals("none")) {
      return false;
    }
    throw new BadValue(where, quoted(exporter), "otlp or none");
  }

  private static URI endpoint(String where, String text) throws BadValue {
    String expected = "http://HOST:PORT or https://HOST:PORT of an OTLP/gRPC receiver";
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new BadValue(where, quoted(text), expected);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new BadValue(where, quoted(text), expected);
    }
    if (uri.getUserInfo() != null) {
      throw new BadValue(
          where,
          "holds credentials",
          expected + ", with credentials in OTEL_EXPORTER_OTLP_HEADERS");
    }
    if (!(uri.getPath().isEmpty() || uri.getPath().equals("/"))) {
      throw new BadValue(where, quoted(text) + " has a path, as OTLP/HTTP has", expected);
    }
    return uri;
  }

  private void checkProtocol(String where) throws BadValue {
    String protocol = value(where);
    if (protocol != null && !protocol.equals("grpc")) {
      throw new BadValue(where, quoted(protocol), "grpc, the only protocol that is offered");
    }
  }

  private Map<String, String> headers(String where) throws BadValue {
    Map<String, String> headers = new LinkedHashMap<>();
    String text = value(where);
    if (text == null) {
      return headers;
    }
    String[] members = text.split(",", -1);
    for (int i = 0; i < members.length; i++) {
      if (members[i].isBlank()) {
        continue;
      }
      int equals = members[i].indexOf('=');
      String name =
          equals < 0 ? "" : members[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
      // The text itself is not shown: it is where tokens are.
      if (!HEADER_NAME.matcher(name).matches() || name.endsWith("-bin")) {
        throw new BadValue(
            where, "entry " + (i + 1) + " is not NAME=VALUE", "NAME=VALUE,… with header names");
      }
      headers.put(name, headerValue(where, i + 1, members[i].substring(equals + 1).strip()));
    }
    return headers;
  }

  private static String headerValue(String where, int entry, String encoded) throws BadValue {
    try {
      // URLDecoder reads form data, where + is a space; here it is itself.
      String value = URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
      if (value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        return value;
      }
    } catch (IllegalArgumentException badPercent) {
      // Told below.
    }
    throw new BadValue(
        where, "the value of entry " + entry + " is malformed", "printable ASCII, percent-encoded");
  }

  private @Nullable Path certificate(String where) throws BadValue {
    Path path = path(where);
    if (path == null) {
      return null;
    }
    String expected = "a file of certificates in PEM";
    try (InputStream in = Files.newInputStream(path)) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        throw new BadValue(where, path + " has no certificate", expected);
      }
    } catch (IOException e) {
      throw new BadValue(where, path + " cannot be read (" + reason(e) + ")", expected);
    } catch (CertificateException e) {
      throw new BadValue(where, path + " is malformed", expected);
    }
    return path;
  }

  private @Nullable Path privateKey(String where) throws BadValue {
    Path path = path(where);
    if (path == null) {
      return null;
    }
    String expected = "a private key in PEM, PKCS#8, not encrypted";
    try {
      if (!Files.readString(path).contains("-----BEGIN PRIVATE KEY-----")) {
        throw new BadValue(where, path + " has no such key", expected);
      }
    } catch (IOException e) {
      throw new BadValue(where, path + " cannot be read (" + reason(e) + ")", expected);
    }
    return path;
  }

  private @Nullable Path path(String where) throws BadValue {
    String text = value(where);
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadValue(where, quoted(text), "a path");
    }
  }

  private boolean gzip(String where) throws BadValue {
    String compression = value(where);
    if (compression == null || compression.equals("none")) {
      return false;
    }
    if (compression.equals("gzip")) {
      return true;
    }
    throw new BadValue(where, quoted(compression), "gzip or none");
  }

  private Duration millis(String where, Duration otherwise) throws BadValue {
    String text = value(where);
    if (text == null) {
      return otherwise;
    }
    try {
      int millis = Integer.parseInt(text);
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new BadValue(where, quoted(text), "milliseconds from 1 to " + Integer.MAX_VALUE);
  }

  private void checkResourceAttributes() throws BadValue {
    String where = "OTEL_RESOURCE_ATTRIBUTES";
    try {
      AgentIdentity.resourceAttributes(environment.getOrDefault(where, ""));
    } catch (IllegalArgumentException malformed) {
      throw new BadValue(where, String.valueOf(malformed.getMessage()), "key=value,…");
    }
  }

  // The signal's own variable goes before the common one.
  private String variable(Signal signal, String name) {
    String own = "OTEL_EXPORTER_OTLP_" + signal.variable() + "_" + name;
    return value(own) != null ? own : "OTEL_EXPORTER_OTLP_" + name;
  }

  // An empty variable counts as unset, as the specification has it.
  private @Nullable String value(String variable) {
    String value = environment.get(variable);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "");
  }

  private static String quoted(@Nullable String text) {
    StringBuilder shown = new StringBuilder("'");
    String whole = String.valueOf(text);
    whole.codePoints().limit(200).forEach(c -> append(shown, c));
    return shown.append('\'').toString();
  }

  private static void append(StringBuilder shown, int codePoint) {
    if (Character.isISOControl(codePoint)) {
      shown.append("\\u%04x".formatted(codePoint));
    } else {
      shown.appendCodePoint(codePoint);
    }
  }
}
