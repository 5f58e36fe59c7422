package dev.replicator.net.session;

import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.VersionVector;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Just enough of a codec for the messages that these tests send. */
final class FakeCodec implements MessageCodec {
  static final Message.Hello HELLO =
      new Message.Hello(
          new Identity(new ReplicaId(1), new JournalId(Bytes.copyOf(new byte[16]))),
          VersionVector.EMPTY,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Digest.of(new byte[32]));

  @Override
  public byte[] encode(Message message) {
    return switch (message) {
      case Message.Hello _ -> new byte[] {1};
      case Message.ContentUnavailable(long request) ->
          ByteBuffer.allocate(9).put((byte) 2).putLong(request).array();
      case Message.ChunkData(long request, int index, Bytes data) ->
          ByteBuffer.allocate(13 + data.length())
              .put((byte) 3)
              .putLong(request)
              .putInt(index)
              .put(data.toArray())
              .array();
      case Message.ChunkAhead(long reading, RelativePath path, long offset, Bytes data) ->
          ByteBuffer.allocate(18 + data.length())
              .put((byte) 5)
              .putLong(reading)
              .putLong(offset)
              .put(path.toArray()[0])
              .put(data.toArray())
              .array();
      default -> throw new IllegalArgumentException("not of these tests");
    };
  }

  @Override
  public Message decode(byte[] bytes) throws MalformedMessage {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    switch (in.get()) {
      case 1:
        return HELLO;
      case 2:
        return new Message.ContentUnavailable(in.getLong());
      case 3:
        long request = in.getLong();
        int index = in.getInt();
        byte[] data = new byte[in.remaining()];
        in.get(data);
        return new Message.ChunkData(request, index, Bytes.copyOf(data));
      case 5:
        long reading = in.getLong();
        long offset = in.getLong();
        RelativePath path = RelativePath.of(new byte[] {in.get()});
        byte[] chunk = new byte[in.remaining()];
        in.get(chunk);
        return new Message.ChunkAhead(reading, path, offset, Bytes.copyOf(chunk));
      case 4:
        throw new IllegalStateException("a codec that fails");
      default:
        throw new MalformedMessage("no message");
    }
  }
}
