package dev.replicator.model;

import java.util.Optional;

/**
 * What a path holds. The chunk list of a file is kept beside the records, once for each digest
 * ({@link ChunkList}), so that records stay small however large the file.
 */
public sealed interface Entry {
  Absent ABSENT = new Absent();
  Directory DIRECTORY = new Directory();

  EntryType type();

  default boolean isPresent() {
    return type() != EntryType.ABSENT;
  }

  /** What a file holds; empty for anything else. */
  default Optional<Digest> content() {
    return this instanceof File file ? Optional.of(file.digest()) : Optional.empty();
  }

  record Absent() implements Entry {
    @Override
    public EntryType type() {
      return EntryType.ABSENT;
    }
  }

  record Directory() implements Entry {
    @Override
    public EntryType type() {
      return EntryType.DIRECTORY;
    }
  }

  /** A regular file: the digest of its chunk list and its size in bytes. */
  record File(Digest digest, long size) implements Entry {
    public File {
      if (size < 0) {
        throw new IllegalArgumentException("file of " + size + " bytes");
      }
    }

    @Override
    public EntryType type() {
      return EntryType.FILE;
    }
  }

  /** A symbolic link: its text, raw, never followed. */
  record Symlink(Bytes target) implements Entry {
    public Symlink {
      if (target.length() < 1 || target.length() > Limits.PATH_BYTES_MAX) {
        throw new IllegalArgumentException("link text of " + target.length() + " bytes");
      }
    }

    @Override
    public EntryType type() {
      return EntryType.SYMLINK;
    }
  }
}
