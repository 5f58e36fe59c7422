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

  /** Bytes of the file that take room on a disk. */
  public long dataBytes() {
    long bytes = 0;
    for (Chunk chunk : chunks) {
      bytes = Math.addExact(bytes, chunk instanceof Chunk.Data ? chunk.length() : 0);
    }
    return bytes;
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
