package dev.replicator.linux;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract where temporary files are. */
final class LinuxTreeTest extends LinuxTreeContract {
  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    openAt(directory);
  }
}
