package dev.replicator.linux;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a file of our own takes of its disk. */
public final class Allocation {
  private Allocation() {}

  /**
   * In bytes, its holes left out.
   *
   * @throws NoSuchFileException when it is not there
   */
  public static long bytes(Path file) throws IOException {
    try (Descriptor held = PathCalls.openNamed(AdminPath.octets(file), PathCalls.LOCATE)) {
      return PathCalls.status(held.number()).allocatedBytes();
    } catch (Errno failure) {
      if (failure.isGone()) {
        throw new NoSuchFileException(file.toString());
      }
      throw failure;
    }
  }
}
