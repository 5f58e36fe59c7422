package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.daemon.LeftRoots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A root that was renamed in the configuration, or taken out of it. */
final class LeftRootTest extends CommandScenario {
  private static final String DIGEST = "ab".repeat(32);

  private void keep(String root, String text) throws IOException {
    Path shard = place.state().resolve("roots/" + root + "/vault/ab/ab");
    Files.createDirectories(shard);
    Files.writeString(shard.resolve(DIGEST + ".1700000000000"), text);
  }

  @Test
  void isNamedWithWhatItsVaultKeeps() throws IOException {
    keep("site", "of a root that is there");
    keep("media", "x".repeat(2_048));
    Files.createDirectories(place.state().resolve("roots/empty/journal"));

    assertEquals(0, with("config", "check"));
    String told = place.err();
    assertTrue(
        told.contains("roots/media belongs to no root of the configuration: its vault keeps 1"),
        told);
    assertTrue(told.contains("version of 2.0 KiB, perhaps of open conflicts"), told);
    assertTrue(told.contains("roots/empty belongs to no root"), told);
    assertFalse(told.contains("roots/site"), told);
    assertEquals(2, LeftRoots.of(place.configuration()).size());
  }

  @Test
  void isNotSaidToBeThereBeforeTheFirstStart() {
    assertEquals(0, with("config", "check"));
    assertEquals("", place.err());
  }
}
