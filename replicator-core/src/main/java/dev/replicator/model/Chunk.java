package dev.replicator.model;

/** A run of a file: bytes named by their digest, or a hole of zeros that takes no disk. */
public sealed interface Chunk {
  /** Bytes of the file that this chunk stands for, at least 1. */
  long length();

  record Data(Digest digest, long length) implements Chunk {
    public Data {
      if (length < 1 || length > Limits.CHUNK_BYTES_MAX) {
        throw new IllegalArgumentException("chunk of " + length + " bytes");
      }
    }
  }

  record Hole(long length) implements Chunk {
    public Hole {
      if (length < 1) {
        throw new IllegalArgumentException("hole of " + length + " bytes");
      }
    }
  }
}
