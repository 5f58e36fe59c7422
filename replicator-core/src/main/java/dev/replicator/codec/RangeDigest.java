package dev.replicator.codec;

import dev.replicator.model.Digest;
import dev.replicator.model.InvariantViolation;
import dev.replicator.proto.RecordStateValue;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 over paths and their records, in order: of each the length of the path in four bytes,
 * highest first, the path, the length of the record and the record as the wire has it. The bytes of
 * a record are the same on every node that knows the same, so none has to be made of them.
 */
public final class RangeDigest {
  private final MessageDigest sha256;
  private final byte[] lengths = new byte[Integer.BYTES];

  public RangeDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new InvariantViolation("every Java platform has SHA-256");
    }
  }

  /**
   * @param path as raw bytes
   * @param state what a journal stores of it, {@link JournalCodec#encode}
   */
  public void add(byte[] path, byte[] state) throws CodecException {
    add(path, 0, path.length);
    JournalCodec.requireFormat(state);
    WireCursor cursor = new WireCursor(state, 1);
    ValueCodec.require(
        cursor.next(RecordStateValue.RECORD_FIELD_NUMBER), "a state without a record");
    int outer = cursor.enter();
    add(state, cursor.position(), cursor.bytesLeft());
    cursor.leave(outer);
  }

  private void add(byte[] octets, int from, int length) {
    ByteBuffer.wrap(lengths).putInt(length);
    sha256.update(lengths);
    sha256.update(octets, from, length);
  }

  /** The digest of all that was added; nothing may be added afterwards. */
  public Digest end() {
    return Digest.of(sha256.digest());
  }
}
