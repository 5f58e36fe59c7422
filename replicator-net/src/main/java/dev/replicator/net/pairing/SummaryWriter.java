package dev.replicator.net.pairing;

import dev.replicator.proto.PairingSummary;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.CancellationException;

/** Sends a summary in frames; waits for each, so that nothing piles up. Used by one worker. */
final class SummaryWriter {
  private final Channel channel;
  private PairingSummary.Builder part = PairingSummary.newBuilder();
  private int bytes;

  SummaryWriter(Channel channel) {
    this.channel = channel;
  }

  void begin(String root) {
    flush();
    part.setRoot(root);
    // An empty part: the joiner learns that the root is there even when nothing is in it.
    write(part.build());
  }

  void add(TreeSummary.Item item) {
    PairingSummary.Item value = PairingCodec.value(item);
    part.addItems(value);
    bytes += value.getSerializedSize() + 8;
    if (bytes >= PairingLimits.SUMMARY_FRAME_BYTES) {
      flush();
    }
  }

  void end() {
    flush();
    write(PairingSummary.newBuilder().setLast(true).build());
  }

  private void flush() {
    if (bytes == 0) {
      return;
    }
    String root = part.getRoot();
    write(part.build());
    part = PairingSummary.newBuilder().setRoot(root);
    bytes = 0;
  }

  private void write(PairingSummary value) {
    byte[] body = value.toByteArray();
    ByteBuf frame = channel.alloc().heapBuffer(Integer.BYTES + body.length);
    frame.writeInt(body.length).writeBytes(body);
    ChannelFuture written = channel.writeAndFlush(frame);
    boolean done = written.awaitUninterruptibly(PairingLimits.FRAME_MILLIS_MAX);
    if (!done || !written.isSuccess()) {
      channel.close();
      throw new CancellationException("the joiner does not read the summary");
    }
  }
}
