package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What the lab's web says: the files of the site by host name; for {@code /} and for every other
 * method than GET, the host and the number of bytes that came.
 */
final class WebContent extends Handler.Abstract {
  private final Path site;
  private final AccessLog log;

  WebContent(Path site, AccessLog log) {
    this.site = site.normalize();
    this.log = log;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Body body = Body.of(request);
    Answer answer = answer(request, body);
    log.add(entry(request, answer.status, body.bytes));
    if (!body.whole) {
      callback.failed(new IOException("the client went away"));
      return true;
    }
    response.setStatus(answer.status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.content.remaining());
    response.write(true, answer.content, callback);
    return true;
  }

  private Answer answer(Request request, Body body) {
    String host = Request.getServerName(request);
    String path = URLDecoder.decode(Request.getPathInContext(request), StandardCharsets.UTF_8);
    boolean read = "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    if (!read) {
      return Answer.text(200, host + " took " + body.bytes + " bytes\n");
    }
    if (path.equals("/")) {
      return Answer.text(200, host + "\n");
    }
    Path file = file(host, path);
    if (file == null) {
      return Answer.text(404, host + " has no " + path + "\n");
    }
    try {
      return new Answer(200, type(file), ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      return Answer.text(500, "reading " + path + ": " + e.getMessage() + "\n");
    }
  }

  /** The site's file for a request; a path that would climb out of the host's folder has none. */
  private @Nullable Path file(String host, String path) {
    Path home = site.resolve(host).normalize();
    if (!site.equals(home.getParent()) || path.indexOf('\0') >= 0) {
      return null;
    }
    Path file = home.resolve(path.substring(1)).normalize();
    // A package's metadata is a file that has the name of the folder of its tarballs.
    Path found = Files.isDirectory(file) ? file.resolve("index.json") : file;
    return found.startsWith(home) && Files.isRegularFile(found) ? found : null;
  }

  private static String type(Path file) {
    return file.toString().endsWith(".json") ? "application/json" : "application/octet-stream";
  }

  private static AccessRecord entry(Request request, int status, long bytes) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    EndPoint.SslSessionData tls = connection.getConnection().getEndPoint().getSslSessionData();
    return new AccessRecord(
        Instant.now(),
        AccessRecord.Kind.REQUEST,
        connection.getHttpVersion().asString(),
        Addresses.shown(connection.getLocalSocketAddress()),
        Addresses.shown(connection.getRemoteSocketAddress()),
        tls == null ? "" : WebServer.serverName(tls.sslSession()),
        Request.getServerName(request),
        request.getMethod(),
        request.getHttpURI().getPathQuery(),
        status,
        bytes);
  }

  /**
   * @param bytes that arrived
   * @param whole false when the client went away before it had sent what it promised
   */
  private record Body(long bytes, boolean whole) {
    static Body of(Request request) {
      long bytes = 0;
      byte[] buffer = new byte[8_192];
      try (InputStream in = Content.Source.asInputStream(request)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          bytes += read;
        }
        return new Body(bytes, true);
      } catch (IOException e) {
        return new Body(bytes, false);
      }
    }
  }

  private record Answer(int status, String type, ByteBuffer content) {
    static Answer text(int status, String text) {
      return new Answer(status, "text/plain", StandardCharsets.UTF_8.encode(text));
    }
  }
}
