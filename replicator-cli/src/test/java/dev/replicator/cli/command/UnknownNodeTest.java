package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A configuration whose state directory holds no key: it was never set up, or is not mounted. */
final class UnknownNodeTest extends CommandScenario {
  @BeforeEach
  void takeTheKeyAway() throws IOException {
    Files.delete(key());
    Files.delete(place.state().resolve("cert.pem"));
  }

  private Path key() {
    return place.state().resolve("key.pem");
  }

  @Test
  void nothingButInitDrawsAKey() {
    for (List<String> words :
        List.of(
            List.of("daemon"),
            List.of("invite", "--address", "web1:7411"),
            List.of("resync", "--timeout", "1s"),
            List.of("join", "nonsense"))) {
      assertEquals(ExitCode.CONFIGURATION.number(), with(words.toArray(String[]::new)));
      String told = place.err();
      assertTrue(told.contains("is a file system of its own, mount it"), told);
      assertTrue(told.contains("`replicator init --config " + place.config() + "`"), told);
      assertFalse(Files.exists(key()), words::toString);
    }
  }

  @Test
  void initTakesAConfigurationThatIsThereAsItIs() throws IOException {
    String text = Files.readString(place.config());
    assertTrue(printed("init").contains("node web1 has key SHA256:"));
    assertTrue(Files.exists(key()));
    assertEquals(text, Files.readString(place.config()));
    assertEquals(0, with("invite", "--address", "web1:7411"));
  }

  @Test
  void initWantsValuesWhereThereIsNone() throws IOException {
    Files.delete(place.config());
    assertEquals(ExitCode.USAGE.number(), with("init"));
    assertTrue(place.err().contains("--name and --root"));
    assertFalse(Files.exists(key()));
  }
}
