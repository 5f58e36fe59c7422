package dev.replicator.net.session;

import dev.replicator.codec.CodecException;
import dev.replicator.codec.WireCodec;
import dev.replicator.model.Message;

/** Messages as they travel between released nodes. */
public final class WireMessages implements MessageCodec {
  @Override
  public byte[] encode(Message message) {
    return WireCodec.encode(message);
  }

  @Override
  public Message decode(byte[] bytes) throws MalformedMessage {
    try {
      return WireCodec.decode(bytes);
    } catch (CodecException e) {
      throw new MalformedMessage(e.reason(), e);
    }
  }
}
