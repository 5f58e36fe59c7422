package dev.replicator.port;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/** A file with which the kernel does more than read and write it. */
public interface DiskChannel extends SeekableByteChannel {
  /** Where data begins at or after {@code from}; the end of the file when only a hole is left. */
  long nextData(long from) throws IOException;

  /**
   * Has what is read next come from the disk, where memory holds it and the disk has it too. Does
   * nothing where that cannot be asked for.
   */
  default void dropCached() throws IOException {}

  /**
   * Copies a range of {@code source}, as it is at some moment, without moving it through memory of
   * ours: shared where the file system can. Who needs to know what it was reads it here.
   *
   * @param to where the range begins in this file, in which it was never written
   * @return false where this cannot be done: then nothing was written
   */
  boolean copyFrom(SeekableByteChannel source, long from, long length, long to) throws IOException;
}
