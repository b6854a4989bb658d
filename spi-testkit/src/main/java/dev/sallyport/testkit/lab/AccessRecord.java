package dev.sallyport.testkit.lab;

import java.time.Instant;

/**
 * Something that reached a server of the lab. A test that claims "nothing got out" looks for the
 * absence of these.
 *
 * @param at when it was written down; for a request, before the answer left
 * @param kind what arrived
 * @param protocol such as {@code HTTP/2.0} or {@code TLSv1.3}; empty where the kind says it all
 * @param local the lab's address and port that it came to, such as {@code 192.0.2.10:443}
 * @param remote the sender's address and port
 * @param serverName the TLS server name that the client sent; empty without one
 * @param host the host that the request named; empty for other kinds
 * @param method of the request; empty for other kinds
 * @param path of the request with its query; empty for other kinds
 * @param status that was answered; 0 for other kinds
 * @param bytes of the request's body, or of the echoed data, that arrived
 */
public record AccessRecord(
    Instant at,
    Kind kind,
    String protocol,
    String local,
    String remote,
    String serverName,
    String host,
    String method,
    String path,
    int status,
    long bytes) {

  /** What arrived. */
  public enum Kind {
    /** A TCP connection was accepted by a web server; perhaps nothing was sent on it. */
    CONNECTION,
    /** A TLS handshake was completed. */
    HANDSHAKE,
    /** An HTTP request arrived, with as much of its body as {@link AccessRecord#bytes} says. */
    REQUEST,
    /** A TCP connection to the echo port ended. */
    TCP_ECHO,
    /** A datagram came to the echo port. */
    UDP_ECHO
  }

  static AccessRecord of(Kind kind, String protocol, String local, String remote, long bytes) {
    return new AccessRecord(Instant.now(), kind, protocol, local, remote, "", "", "", "", 0, bytes);
  }

  static AccessRecord handshake(String protocol, String local, String remote, String serverName) {
    return new AccessRecord(
        Instant.now(), Kind.HANDSHAKE, protocol, local, remote, serverName, "", "", "", 0, 0);
  }
}
