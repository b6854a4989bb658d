package dev.sallyport.testkit.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.stream.Stream;

/** Echo (RFC 862) over TCP and UDP: for what speaks neither HTTP nor TLS. */
final class EchoServer {
  static final int PORT = 7;
  private static final int LARGEST_DATAGRAM = 65_535;

  private EchoServer() {}

  /** Listens on every address of the lab, then returns; each socket has a virtual thread. */
  static void start(AccessLog log) throws IOException {
    ServerSocketChannel tcp = ServerSocketChannel.open().bind(new InetSocketAddress(PORT));
    Thread.ofVirtual().start(() -> accept(tcp, log));
    // One socket an address: an answer from the wildcard would leave from the wrong one.
    for (String address :
        Stream.concat(LabHost.addresses4().stream(), LabHost.addresses6().stream()).toList()) {
      DatagramChannel udp =
          DatagramChannel.open().bind(new InetSocketAddress(Addresses.parse(address), PORT));
      Thread.ofVirtual().start(() -> echo(udp, log));
    }
  }

  private static void accept(ServerSocketChannel server, AccessLog log) {
    try {
      while (true) {
        SocketChannel client = server.accept();
        Thread.ofVirtual().start(() -> echo(client, log));
      }
    } catch (IOException e) {
      System.err.println("echo on TCP ends: " + e);
    }
  }

  private static void echo(SocketChannel client, AccessLog log) {
    long bytes = 0;
    try (client) {
      ByteBuffer buffer = ByteBuffer.allocate(8_192);
      String local = Addresses.shown(client.getLocalAddress());
      String remote = Addresses.shown(client.getRemoteAddress());
      try {
        while (client.read(buffer) >= 0) {
          buffer.flip();
          bytes += buffer.remaining();
          while (buffer.hasRemaining()) {
            client.write(buffer);
          }
          buffer.clear();
        }
      } finally {
        // Before the close that the client may wait for.
        log.add(AccessRecord.of(AccessRecord.Kind.TCP_ECHO, "", local, remote, bytes));
      }
    } catch (IOException e) {
      System.err.println("echo to a TCP client ends: " + e);
    }
  }

  private static void echo(DatagramChannel socket, AccessLog log) {
    try (socket) {
      String local = Addresses.shown(socket.getLocalAddress());
      ByteBuffer buffer = ByteBuffer.allocate(LARGEST_DATAGRAM);
      while (true) {
        SocketAddress client = socket.receive(buffer.clear());
        buffer.flip();
        log.add(
            AccessRecord.of(
                AccessRecord.Kind.UDP_ECHO,
                "",
                local,
                Addresses.shown(client),
                buffer.remaining()));
        socket.send(buffer, client);
      }
    } catch (IOException e) {
      System.err.println("echo on UDP ends: " + e);
    }
  }
}
