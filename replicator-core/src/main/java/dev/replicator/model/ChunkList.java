package dev.replicator.model;

import java.util.List;

/** What a file is made of, in order. Its digest names the file's content. */
public record ChunkList(List<Chunk> chunks) {
  public static final ChunkList EMPTY = new ChunkList(List.of());

  public ChunkList {
    chunks = List.copyOf(chunks);
    if (chunks.size() > Limits.FILE_CHUNKS_MAX) {
      throw new IllegalArgumentException("file of more than " + Limits.FILE_CHUNKS_MAX + " chunks");
    }
  }

  /** Bytes of the whole file, holes included. */
  public long size() {
    long size = 0;
    for (Chunk chunk : chunks) {
      size = Math.addExact(size, chunk.length());
    }
    return size;
  }
}
