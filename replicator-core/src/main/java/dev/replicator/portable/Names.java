package dev.replicator.portable;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import java.nio.file.Path;

/** Converts the raw bytes of names to the paths of one file system and back. */
interface Names {
  /** The names below {@code root}. */
  static Names below(Path root) {
    boolean raw = root.getFileSystem() == java.nio.file.FileSystems.getDefault();
    return raw ? new RawNames(root) : new TextNames(root);
  }

  /** Whether every byte string survives. */
  boolean raw();

  Path path(RelativePath path) throws TreeException;

  /** The bytes of a path that was given relative to the root, or of a single name. */
  byte[] octets(Path relative);

  /** The path whose text a symbolic link shall have, byte by byte. */
  Path linkText(Bytes text) throws TreeException;

  /** The raw text of a symbolic link, from what {@code Files.readSymbolicLink} answered. */
  Bytes linkText(Path target);
}
