package dev.replicator.net.session;

import dev.replicator.model.NodeId;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;

/** Takes over connections of nodes that want to join. */
public interface InboundPairing {
  /** No pairing at all. */
  InboundPairing NONE =
      new InboundPairing() {
        @Override
        public boolean open() {
          return false;
        }

        @Override
        public void accepted(ChannelPipeline pipeline, NodeId joiner, InetSocketAddress from) {
          pipeline.channel().close();
        }
      };

  /** Whether an invitation is open now. Called from the network thread; must be quick. */
  boolean open();

  /**
   * Adds its handlers to the pipeline of a connection after its TLS handshake. Whatever it does has
   * to end the connection in the end; the handshake's deadline no longer runs.
   */
  void accepted(ChannelPipeline pipeline, NodeId joiner, InetSocketAddress from);
}
