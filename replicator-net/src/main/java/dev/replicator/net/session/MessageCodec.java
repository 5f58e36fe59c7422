package dev.replicator.net.session;

import dev.replicator.model.Message;

/** Messages about a root as bytes. Called from several threads at once. */
public interface MessageCodec {
  byte[] encode(Message message);

  /**
   * Reads what a peer sent, which may be anything.
   *
   * @throws MalformedMessage when it is no message, or breaks one of the limits
   */
  Message decode(byte[] bytes) throws MalformedMessage;

  /** Bytes that are no message; the text says why and quotes nothing of them. */
  final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedMessage(String reason, Throwable cause) {
      super(reason, cause);
    }

    public MalformedMessage(String reason) {
      super(reason);
    }
  }
}
