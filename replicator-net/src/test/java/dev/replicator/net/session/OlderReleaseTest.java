package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Bytes;
import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.NodeKey;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a peer of a release does not know it is not told. */
@Timeout(120)
final class OlderReleaseTest {
  private static final Message AHEAD =
      new Message.ChunkAhead(1, RelativePath.of("f"), 0, Bytes.copyOf(new byte[] {7}));
  private static final Message LAST = new Message.ContentUnavailable(5);

  private static byte[] nextMessage(RawPeer raw) throws IOException {
    while (true) {
      byte[] body = new byte[raw.in.readInt()];
      raw.in.readFully(body);
      Frame frame = FrameFormat.decode(Unpooled.wrappedBuffer(body), body.length);
      if (frame.type() == FrameType.MESSAGE) {
        return frame.body();
      }
    }
  }

  @Test
  void getsNoContentAheadOfItsChange() throws Exception {
    NodeKey key = NodeKey.ephemeral();
    try (Node node = Node.started("node")) {
      node.network.put(new Peer("raw", "", key.node()));
      try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
        node.inbox.awaitConnected();

        node.link.send(key.node(), FakeCodec.HELLO);
        node.link.send(key.node(), AHEAD);
        node.link.send(key.node(), LAST);

        FakeCodec codec = new FakeCodec();
        assertArrayEquals(codec.encode(FakeCodec.HELLO), nextMessage(raw));
        assertArrayEquals(codec.encode(LAST), nextMessage(raw));
      }
    }
  }

  @Test
  void isNotThis() throws Exception {
    try (Node one = Node.started("one");
        Node other = Node.started("other")) {
      one.dials(other);
      other.inbox.awaitConnected();
      one.inbox.awaitConnected();

      one.link.send(other.id(), FakeCodec.HELLO);
      one.link.send(other.id(), AHEAD);

      assertEquals(FakeCodec.HELLO, other.inbox.nextMessage());
      assertEquals(AHEAD, other.inbox.nextMessage());
    }
  }
}
