package dev.sallyport.testkit.lab;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Sends a word to an echo port and prints what comes back: {@code tcp|udp ADDRESS WORD}. */
public final class EchoClient {
  private EchoClient() {}

  public static void main(String[] arguments) throws Exception {
    InetAddress address = InetAddress.ofLiteral(arguments[1]);
    byte[] word = arguments[2].getBytes(StandardCharsets.UTF_8);
    byte[] back = arguments[0].equals("tcp") ? tcp(address, word) : udp(address, word);
    System.out.println(new String(back, StandardCharsets.UTF_8));
  }

  private static byte[] tcp(InetAddress address, byte[] word) throws Exception {
    try (Socket socket = new Socket(address, 7)) {
      socket.getOutputStream().write(word);
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes();
    }
  }

  /** Connected: an answer from another address than the one asked would not be taken. */
  private static byte[] udp(InetAddress address, byte[] word) throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address, 7);
      socket.setSoTimeout(5_000);
      socket.send(new DatagramPacket(word, word.length));
      DatagramPacket back = new DatagramPacket(new byte[100], 100);
      socket.receive(back);
      return Arrays.copyOf(back.getData(), back.getLength());
    }
  }
}
