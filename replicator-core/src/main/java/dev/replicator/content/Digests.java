package dev.replicator.content;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.InvariantViolation;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests that name chunks and files. */
public final class Digests {
  private static final byte KIND_DATA = 1;
  private static final byte KIND_HOLE = 2;
  private static final int BUFFERED_CHUNKS = 256;
  private static final int ENCODED_BYTES_MAX = 1 + Long.BYTES + Digest.LENGTH_BYTES;

  private Digests() {}

  /** The digest of a chunk with these bytes. */
  public static Digest of(byte[] octets) {
    return of(octets, 0, octets.length);
  }

  public static Digest of(byte[] octets, int offset, int length) {
    MessageDigest sha256 = sha256();
    sha256.update(octets, offset, length);
    return Digest.of(sha256.digest());
  }

  /**
   * The digest that names a file: over its chunks in order, each as a byte for its kind (1 data, 2
   * hole), its length in eight bytes, highest first, and for data its digest.
   */
  public static Digest of(ChunkList list) {
    MessageDigest sha256 = sha256();
    ByteBuffer encoded =
        ByteBuffer.allocate(Math.min(BUFFERED_CHUNKS, list.chunks().size()) * ENCODED_BYTES_MAX);
    for (Chunk chunk : list.chunks()) {
      if (encoded.remaining() < ENCODED_BYTES_MAX) {
        sha256.update(encoded.flip());
        encoded.clear();
      }
      switch (chunk) {
        case Chunk.Data(Digest digest, long length) ->
            encoded.put(KIND_DATA).putLong(length).put(digest.octets().sharedArray());
        case Chunk.Hole(long length) -> encoded.put(KIND_HOLE).putLong(length);
      }
    }
    sha256.update(encoded.flip());
    return Digest.of(sha256.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new InvariantViolation("every Java platform has SHA-256");
    }
  }
}
