package dev.sallyport.proto.control.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;

/** The stubs work together with the libraries of the versions that the project uses. */
class ControlTest {

  @Test
  void aHeartbeatIsAnswered() throws Exception {
    String name = InProcessServerBuilder.generateName();
    Server server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(new CollectorThatCountsLosses())
            .build()
            .start();
    ManagedChannel channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    try {
      HeartbeatResponse response =
          ControlGrpc.newBlockingStub(channel)
              .heartbeat(
                  HeartbeatRequest.newBuilder()
                      .addLosses(Loss.newBuilder().setProbe("network").setCount(7))
                      .addLosses(Loss.newBuilder().setProbe("process").setCount(5))
                      .build());

      assertThat(response.getNextAfterMillis()).isEqualTo(12);
    } finally {
      channel.shutdownNow();
      server.shutdownNow().awaitTermination();
    }
  }

  private static final class CollectorThatCountsLosses extends ControlGrpc.ControlImplBase {
    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> response) {
      long lost = request.getLossesList().stream().mapToLong(Loss::getCount).sum();
      response.onNext(HeartbeatResponse.newBuilder().setNextAfterMillis((int) lost).build());
      response.onCompleted();
    }
  }
}
