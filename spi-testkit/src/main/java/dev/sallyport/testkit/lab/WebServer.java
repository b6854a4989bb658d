package dev.sallyport.testkit.lab;

import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** HTTP/1.1 on port 80, HTTP/1.1 and HTTP/2 over TLS on port 443, on every address. */
final class WebServer {
  private final Path folder;
  private final AccessLog log;
  private final Server server;

  WebServer(Path folder, AccessLog log, QueuedThreadPool threads) {
    this.folder = folder;
    this.log = log;
    server = new Server(threads);
    server.setHandler(new WebContent(folder.resolve(Site.FOLDER), log));
  }

  /** Listens; the certificate and the site must be there by now. */
  void start() throws Exception {
    server.addConnector(plain());
    server.addConnector(secure());
    server.start();
  }

  private ServerConnector plain() {
    ServerConnector connector = new Recorded(new HttpConnectionFactory());
    connector.setPort(80);
    return connector;
  }

  private ServerConnector secure() {
    HttpConfiguration configuration = new HttpConfiguration();
    // A client may well ask one name of TLS and another of HTTP: that is what tests look at.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStorePath(folder.resolve(Certificates.KEY_STORE).toString());
    tls.setKeyStorePassword(Certificates.PASSWORD);
    ServerConnector connector =
        new Recorded(
            new SslConnectionFactory(tls, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(configuration),
            http1);
    connector.setPort(443);
    connector.addBean(new HandshakeRecorder());
    return connector;
  }

  /** The TLS server name that a client sent; empty without one. */
  static String serverName(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      List<SNIServerName> names = extended.getRequestedServerNames();
      if (!names.isEmpty() && names.getFirst() instanceof SNIHostName name) {
        return name.getAsciiName();
      }
    }
    return "";
  }

  /** Writes every accepted connection down, before a byte is read from it. */
  private final class Recorded extends ServerConnector {
    Recorded(ConnectionFactory... factories) {
      super(server, 1, 1, factories);
    }

    @Override
    protected void onEndPointOpened(EndPoint end) {
      super.onEndPointOpened(end);
      if (end instanceof SslConnection.SslEndPoint) {
        return; // the same connection, seen again above TLS
      }
      log.add(
          AccessRecord.of(
              AccessRecord.Kind.CONNECTION,
              "",
              Addresses.shown(end.getLocalSocketAddress()),
              Addresses.shown(end.getRemoteSocketAddress()),
              0));
    }
  }

  private final class HandshakeRecorder implements SslHandshakeListener {
    @Override
    public void handshakeSucceeded(Event event) {
      SSLSession session = event.getSSLEngine().getSession();
      EndPoint end = event.getEndPoint();
      log.add(
          AccessRecord.handshake(
              session.getProtocol(),
              Addresses.shown(end.getLocalSocketAddress()),
              Addresses.shown(end.getRemoteSocketAddress()),
              serverName(session)));
    }
  }
}
