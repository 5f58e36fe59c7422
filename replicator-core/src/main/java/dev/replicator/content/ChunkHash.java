package dev.replicator.content;

import dev.replicator.model.Digest;
import java.security.MessageDigest;
import java.util.function.Supplier;

/** Takes the bytes of one chunk after the other, and tells the digest of each. */
public interface ChunkHash {
  /** More bytes of the open chunk. Who gives them says when they are taken, and may change. */
  void update(byte[] bytes, int from, int length);

  /** Ends the open chunk. Its digest may have to be waited for. */
  Supplier<Digest> end();

  /** A hole comes behind the chunks that were ended. */
  default void hole(long length) {}

  /** Forgets the open chunk, and that there were others: another file begins. */
  void reset();

  /** One that takes bytes while it is called. */
  static ChunkHash atOnce() {
    MessageDigest sha256 = Digests.sha256();
    return new ChunkHash() {
      @Override
      public void update(byte[] bytes, int from, int length) {
        sha256.update(bytes, from, length);
      }

      @Override
      public Supplier<Digest> end() {
        Digest digest = Digest.of(sha256.digest());
        return () -> digest;
      }

      @Override
      public void reset() {
        sha256.reset();
      }
    };
  }
}
