package dev.sallyport.agent.export;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a signal goes and how. Two signals with equal targets share a connection.
 *
 * @param authority {@code host:port}
 * @param tls whether the connection is encrypted
 * @param headers sent with each request; may hold secrets, so that {@link #toString} leaves them
 *     out
 * @param certificate trusted authorities in PEM; null for the Java runtime's own
 * @param clientCertificate chain in PEM that the agent shows; null for none
 * @param clientKey key in PEM for that chain
 * @param gzip whether requests are compressed
 * @param timeout of one request
 */
record Target(
    String authority,
    boolean tls,
    Map<String, String> headers,
    @Nullable Path certificate,
    @Nullable Path clientCertificate,
    @Nullable Path clientKey,
    boolean gzip,
    Duration timeout) {

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + authority;
  }
}
