package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.daemon.Daemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody let the path of a root lead elsewhere, and an administrator approves what is there. */
final class ApprovedPlaceTest extends CommandScenario {
  private void lead(Path elsewhere) throws Exception {
    Files.deleteIfExists(place.tree());
    Files.createSymbolicLink(place.tree(), elsewhere);
  }

  @Test
  void whatCouldNotBeConfiguredIsNoRootEither() throws Exception {
    try (Daemon _ = daemon()) {
      for (Path elsewhere : List.of(Path.of("/etc"), place.state(), place.directory)) {
        lead(elsewhere);
        assertEquals(1, with("approve", "--force"));
        String told = place.err();
        assertTrue(told.contains("leads to " + elsewhere + " now, which"), told);
        assertEquals(List.of("start"), List.copyOf(roots.root("site").asked));
      }
    }
  }

  @Test
  void anyOtherDirectoryMayBe() throws Exception {
    try (Daemon _ = daemon()) {
      lead(Files.createDirectory(place.directory.resolve("other")));
      assertEquals(0, with("approve"));
      assertEquals(List.of("start", "approve"), List.copyOf(roots.root("site").asked));
    }
  }
}
