package dev.sallyport.testkit.lab;

/**
 * One question that reached the lab's DNS.
 *
 * @param name as asked, without a final dot
 * @param type such as {@code A} or {@code HTTPS}
 * @param from the asker's address
 */
public record DnsQuery(String name, String type, String from) {}
