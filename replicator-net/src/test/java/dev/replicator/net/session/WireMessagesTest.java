package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.Bytes;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import org.junit.jupiter.api.Test;

final class WireMessagesTest {
  private final MessageCodec codec = new WireMessages();

  @Test
  void carriesTheLargestChunk() throws Exception {
    Message.ChunkData chunk =
        new Message.ChunkData(1, 0, Bytes.copyOf(new byte[Limits.CHUNK_BYTES_MAX]));

    assertEquals(chunk, codec.decode(codec.encode(chunk)));
    assertEquals(FakeCodec.HELLO, codec.decode(codec.encode(FakeCodec.HELLO)));
  }

  @Test
  void refusesWhatIsNoMessage() {
    assertThrows(MessageCodec.MalformedMessage.class, () -> codec.decode(new byte[] {-1, -1, -1}));
  }
}
