package dev.replicator.linux;

import dev.replicator.model.EntryType;
import java.io.IOException;

/**
 * Opens files for reading: first what is there is held without being opened, so that a FIFO or a
 * device never is, and only a regular file is then opened by what is held.
 */
final class Reading {
  private Reading() {}

  static boolean isFile(Descriptor object) throws IOException {
    return PathCalls.status(object.number()).type() == EntryType.FILE;
  }

  /** Reads the regular file that is held. */
  static DescriptorChannel of(Descriptor object) throws IOException {
    return new DescriptorChannel(
        PathCalls.reopen(object.number(), PathCalls.READ | PathCalls.NON_BLOCKING));
  }
}
