package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The usual hold is one right after a start, long before the first sweep of the vault. */
final class ApprovalTest extends TwoEngines {
  private static final int DISK_BYTES = 4 * 1_024 * 1_024;
  private static final String LARGE = "x".repeat(1_024 * 1_024);

  @Override
  void prepare(String name, EngineOnDisk parts) {
    if (name.equals("here")) {
      parts.vault(smallDisk());
    }
  }

  /** Of which a vault keeps a tenth. */
  private static Path smallDisk() {
    FileSystem disk =
        Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(DISK_BYTES).build());
    try {
      return Files.createDirectory(disk.getPath("/vault"));
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  private void holdAll(String large) throws Exception {
    write("there", "small", "text");
    write("there", "large", large);
    await(() -> read("here", "large").equals(large) && read("here", "small").equals("text"));
    settle();
    for (String name : List.of("f", "small", "large")) {
      Files.delete(file("here", name));
    }
    await(() -> engine().report().held() == 3);
  }

  @Test
  void moreThanAVaultHoldsIsObjectedToFromTheStartOn() throws Exception {
    holdAll(LARGE);
    assertEquals(0, engine().report().vault().bytesMax());

    CommandResult result = engine().approve(false).get();
    assertTrue(
        result instanceof CommandResult.Refused refused
            && refused.reason().startsWith("3 files with 1 MiB would be deleted on the peers"),
        result::toString);
    assertEquals(3, engine().report().held());

    engine().approve(true).get();
    await(() -> read("there", "large").isEmpty() && engine().report().held() == 0);
  }

  @Test
  void whatAVaultHoldsIsApproved() throws Exception {
    holdAll("text");
    engine().approve(false).get();
    await(() -> read("there", "f").isEmpty() && engine().report().held() == 0);
  }
}
