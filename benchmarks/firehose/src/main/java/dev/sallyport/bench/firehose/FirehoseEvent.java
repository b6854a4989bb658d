package dev.sallyport.bench.firehose;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * One record of the firehose, with as many attributes as an event about a connection has.
 *
 * @param number counts on one CPU
 * @param address in dotted form
 * @param port a port number
 * @param family an address family's number
 * @param threadName of the caller
 */
record FirehoseEvent(long number, String address, int port, int family, String threadName)
    implements ProbeEvent {

  @Override
  public String name() {
    return "bench.firehose";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put("bench.number", number);
    sink.put("network.peer.address", address);
    sink.put("network.peer.port", port);
    sink.put("bench.family", family);
    sink.put("bench.thread.name", threadName);
  }
}
