package dev.replicator.portable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on a file system of another kind: text names, no owners, no change times. */
final class JimfsTreeTest extends NioTreeContract {
  private final FileSystem fileSystem =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix").build());

  @BeforeEach
  void openInMemory() throws Exception {
    open(fileSystem.getPath("/work"));
  }

  @AfterEach
  void closeFileSystem() throws IOException {
    fileSystem.close();
  }

  @Override
  public boolean stamps() {
    return false;
  }
}
