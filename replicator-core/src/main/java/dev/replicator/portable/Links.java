package dev.replicator.portable;

import dev.replicator.model.EntryType;
import dev.replicator.port.Tree.Look;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Second names of files and symbolic links, and what stands in for them where there are none. */
final class Links {
  private static final int BUFFER_BYTES = 64 * 1_024;

  private final Inspector inspector;
  private final Staging staging;
  private final boolean ofFiles;
  private final boolean ofSymlinks;

  Links(Inspector inspector, Staging staging) {
    this.inspector = inspector;
    this.staging = staging;
    this.ofFiles = works(staging.probe());
    this.ofSymlinks = symlinkWorks();
  }

  /** A dangling link tells: who follows it to make the second name finds nothing. */
  private boolean symlinkWorks() {
    Path dangling = staging.probe().resolveSibling("probe.symlink");
    try {
      Files.deleteIfExists(dangling);
      Files.createSymbolicLink(dangling, dangling.getFileSystem().getPath("nowhere"));
      return works(dangling);
    } catch (IOException | UnsupportedOperationException none) {
      return false;
    } finally {
      staging.drop(dangling);
    }
  }

  private boolean works(Path existing) {
    Path second = existing.resolveSibling(existing.getFileName() + ".link");
    try {
      Files.deleteIfExists(second);
      Files.createLink(second, existing);
      return Files.isSymbolicLink(second) == Files.isSymbolicLink(existing);
    } catch (IOException | UnsupportedOperationException none) {
      return false;
    } finally {
      staging.drop(second);
    }
  }

  /** The name of an object changes, over a file that is there. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Gives {@code staged} the free name {@code at} as well.
   *
   * @return false when this kind of object can have only one name here
   */
  boolean link(Path at, Path staged, Look.Found found) throws IOException {
    boolean possible = found.type() == EntryType.SYMLINK ? ofSymlinks : ofFiles;
    if (possible) {
      Files.createLink(at, staged);
    }
    return possible;
  }

  /** How an object was made available in staging. */
  enum Kept {
    LINKED,
    COPIED
  }

  /** Makes what is at {@code at} available in staging, by a second name or else by a copy. */
  Kept keep(Path at, Path kept) throws IOException {
    boolean symlink = Files.isSymbolicLink(at);
    if (symlink ? ofSymlinks : ofFiles) {
      try {
        Files.createLink(kept, at);
        return Kept.LINKED;
      } catch (FileAlreadyExistsException | NoSuchFileException failure) {
        throw failure;
      } catch (FileSystemException refused) {
        // Too many names already, or not ours to name: a copy will do.
        Files.deleteIfExists(kept);
      }
    }
    if (symlink) {
      Files.createSymbolicLink(kept, Files.readSymbolicLink(at));
    } else {
      copyAside(at, kept);
    }
    return Kept.COPIED;
  }

  private void copyAside(Path at, Path kept) throws IOException {
    Look before = inspector.look(at);
    if (!(before instanceof Look.Found found) || found.type() != EntryType.FILE) {
      throw new NoSuchFileException(at.toString());
    }
    try (SeekableByteChannel source = open(at);
        SeekableByteChannel destination = staging.create(kept)) {
      copy(source, destination);
    }
    Files.setLastModifiedTime(kept, Files.getLastModifiedTime(at, LinkOption.NOFOLLOW_LINKS));
  }

  static SeekableByteChannel open(Path file) throws IOException {
    return Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  static void copy(SeekableByteChannel source, SeekableByteChannel destination) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    while (source.read(buffer) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        destination.write(buffer);
      }
      buffer.clear();
    }
  }
}
