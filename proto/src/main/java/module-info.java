/** The control plane between agents and collectors: messages and gRPC stubs. */
module dev.sallyport.proto {
  requires transitive com.google.protobuf;
  requires com.google.common;
  requires transitive io.grpc;
  requires io.grpc.protobuf;
  requires transitive io.grpc.stub;

  exports dev.sallyport.proto.control.v1;
}
