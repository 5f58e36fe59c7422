package dev.replicator.vault;

import java.io.IOException;
import java.nio.file.Path;

/** Tells how much of a disk a file takes, in bytes: less than its length where it has holes. */
public interface DiskUse {
  long bytes(Path file) throws IOException;
}
