package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class HintsTest {
  private static final Path OWN = Path.of("/srv/a.toml");

  @Test
  void aCommandGetsTheConfigurationItWasCalledWith() {
    assertEquals(
        "held until `replicator approve --config /srv/a.toml`, or `replicator daemon --config"
            + " /srv/a.toml`",
        Hints.in("held until `replicator approve`, or `replicator daemon`", OWN));
  }

  @Test
  void theConfigurationThatIsReadAnywayIsNotNamed() {
    String text = "see `replicator status`";
    assertEquals(text, Hints.in(text, Path.of(ConfigOption.DEFAULT)));
  }

  @Test
  void whatIsForAnotherNodeStaysAsItIs() {
    assertEquals(
        "run `replicator invite --config /srv/a.toml` here and `replicator join` there",
        Hints.in("run `replicator invite` here and `replicator join` there", OWN));
    for (String there :
        new String[] {
          "`replicator resume` there lets it go on",
          "`replicator block resolve --victim NODE` on both",
          "`replicator peer remove` this node on its peers",
          "`replicator peer add` the key there"
        }) {
      assertEquals(there, Hints.in(there, OWN));
    }
  }

  @Test
  void aNameThatAShellWouldTakeApartIsQuoted() {
    assertEquals(
        "`replicator status --config '/srv/it'\\''s a.toml'`",
        Hints.in("`replicator status`", Path.of("/srv/it's a.toml")));
  }
}
