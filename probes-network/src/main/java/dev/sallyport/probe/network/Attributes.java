package dev.sallyport.probe.network;

/** Attribute keys that more than one event uses. */
final class Attributes {

  static final String TRANSPORT = "network.transport";
  static final String TYPE = "network.type";
  static final String PEER_ADDRESS = "network.peer.address";
  static final String PEER_PORT = "network.peer.port";
  static final String LOCAL_ADDRESS = "network.local.address";
  static final String LOCAL_PORT = "network.local.port";
  static final String CONNECTIONS = "sallyport.network.connections";
  static final String BYTES_SENT = "sallyport.network.bytes_sent";
  static final String BYTES_RECEIVED = "sallyport.network.bytes_received";

  private Attributes() {}
}
