package dev.replicator.runtime;

import dev.replicator.content.ChunkHash;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import java.util.function.Supplier;

/** Hashes chunk by chunk, and shows each one with its bytes and its place in the file. */
final class ShownChunks implements ChunkHash {
  /** Sees the chunks of one file in their order; whoever reads it waits meanwhile. */
  interface Viewer {
    /**
     * @param bytes of the chunk, from the first on; they are others after this
     */
    void see(long offset, Digest digest, byte[] bytes, int length);
  }

  private final ChunkHash hash = ChunkHash.atOnce();
  private final byte[] chunk = new byte[Limits.CHUNK_BYTES_MAX];
  private final Viewer viewer;
  private long offset;
  private int length;

  ShownChunks(Viewer viewer) {
    this.viewer = viewer;
  }

  @Override
  public void update(byte[] bytes, int from, int count) {
    hash.update(bytes, from, count);
    System.arraycopy(bytes, from, chunk, length, count);
    length += count;
  }

  @Override
  public Supplier<Digest> end() {
    Supplier<Digest> digest = hash.end();
    viewer.see(offset, digest.get(), chunk, length);
    offset += length;
    length = 0;
    return digest;
  }

  @Override
  public void hole(long bytes) {
    offset += bytes;
  }

  @Override
  public void reset() {
    hash.reset();
    offset = 0;
    length = 0;
  }
}
