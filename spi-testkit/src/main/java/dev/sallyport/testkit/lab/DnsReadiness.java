package dev.sallyport.testkit.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Asks the lab's DNS a real question, as a job would, until it answers. */
final class DnsReadiness {
  private static final int ATTEMPTS = 50;
  private static final int WAIT_MILLIS = 100;
  private static final byte[] ID = {0x5a, 0x11};

  private DnsReadiness() {}

  static void await() throws IOException {
    byte[] question = question("github.com");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(Addresses.parse(Objects.requireNonNull(LabHost.RESOLVER.v4())), 53);
        socket.setSoTimeout(WAIT_MILLIS);
        socket.send(new DatagramPacket(question, question.length));
        DatagramPacket answer = new DatagramPacket(new byte[512], 512);
        socket.receive(answer);
        if (isAnswer(answer)) {
          return;
        }
      } catch (SocketTimeoutException | PortUnreachableException e) {
        // not yet
      }
    }
    throw new LabException("the lab's DNS gives no answer for github.com: see dns.log");
  }

  private static boolean isAnswer(DatagramPacket packet) {
    byte[] data = packet.getData();
    boolean ours = packet.getLength() > 12 && Arrays.equals(data, 0, 2, ID, 0, 2);
    boolean noError = (data[3] & 0x0f) == 0;
    boolean answered = data[7] > 0;
    return ours && noError && answered;
  }

  private static byte[] question(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ID);
    out.writeBytes(new byte[] {1, 0, 0, 1, 0, 0, 0, 0, 0, 0}); // recursion desired, one question
    for (String label : name.split("\\.", -1)) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes(new byte[] {0, 0, 1, 0, 1}); // the root, type A, class IN
    return out.toByteArray();
  }
}
