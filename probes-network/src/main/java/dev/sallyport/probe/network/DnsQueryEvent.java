package dev.sallyport.probe.network;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to a resolver, with the answer if there was one.
 *
 * @param questionName the name asked for, in lower case, escaped as in zone files
 * @param type the type asked for, such as {@code AAAA}
 * @param answers addresses as they are, other data after its type
 * @param resolver who was asked
 * @param resolverPort at which port
 * @param responseCode such as {@code NOERROR}; null when no answer came
 * @param protocol the IP protocol's number
 */
record DnsQueryEvent(
    String questionName,
    String type,
    List<String> answers,
    IpAddress resolver,
    int resolverPort,
    @Nullable String responseCode,
    int protocol)
    implements ProbeEvent {

  @Override
  public String name() {
    return "sallyport.dns.query";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put("dns.question.name", questionName);
    sink.put("sallyport.dns.type", type);
    sink.put("dns.answers", answers);
    sink.put("sallyport.dns.resolver", resolver.text());
    sink.put("sallyport.dns.resolver.port", resolverPort);
    if (responseCode != null) {
      sink.put("sallyport.dns.response_code", responseCode);
    }
    sink.put(Attributes.TRANSPORT, Transport.name(protocol));
  }
}
