package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigResult;
import dev.replicator.cli.exit.ExitCode;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The directory of a root is not there when somebody looks at the configuration. */
final class MissingRootTest extends CommandScenario {
  @Test
  void isAMistakeWhereItWasNeverReplicated() throws Exception {
    Files.delete(place.tree());
    assertEquals(ExitCode.CONFIGURATION.number(), with("config", "check"));
  }

  /** It may be mounted later than the daemon is started, and a peer be removed meanwhile. */
  @Test
  void isWaitedForWhereItWas() throws Exception {
    Files.createDirectories(place.state().resolve("roots/site/journal"));
    Files.delete(place.tree());
    assertEquals(ExitCode.DONE.number(), with("config", "check"));
    var loaded = assertInstanceOf(ConfigResult.Loaded.class, ConfigReader.read(place.config()));
    assertTrue(loaded.toString().contains("is not there: this root waits"), loaded::toString);
  }
}
