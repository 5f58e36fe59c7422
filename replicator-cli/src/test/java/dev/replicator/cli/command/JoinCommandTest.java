package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.daemon.MeshNetwork;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.host.MachineClock;
import dev.replicator.model.Initial;
import dev.replicator.net.pairing.InvitationFiles;
import dev.replicator.net.session.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JoinCommandTest extends CommandScenario {
  private static final String WITHOUT_EFFECT =
      "--initial has no effect on what was replicated here before: site\n";

  @TempDir private Path elsewhere;

  /** What {@code join} prints when it asks for the files of this node. */
  private String joined(String... more) throws Exception {
    Workplace other = new Workplace(elsewhere, "web2").drawn();
    try (Daemon inviter =
        Daemon.start(
            other.configuration(), Daemon.Mode.SERVING, new FakeRoots(), MeshNetwork.factory())) {
      String token =
          new InvitationFiles(StateDirectory.prepare(other.state()).invitations())
              .create(
                  Address.parse(inviter.listen()),
                  inviter.id(),
                  Duration.ofMinutes(1),
                  MachineClock.open().wallMillis())
              .token();
      String[] words = {"join", token, "--initial", "mine"};
      String[] all = Arrays.copyOf(words, words.length + more.length);
      System.arraycopy(more, 0, all, words.length, more.length);
      return printed(all);
    }
  }

  private StateDirectory state() throws Exception {
    return StateDirectory.prepare(place.state());
  }

  private void replicatedBefore() throws Exception {
    Files.createDirectories(state().root("site").resolve("journal"));
  }

  @Test
  void whoseFilesShowIsKeptForTheFirstStartOfARoot() throws Exception {
    String text = joined();
    assertFalse(text.contains("--initial"), text);
    assertEquals(Initial.MINE, state().initial("site"));
  }

  /** It would wait for the loss of that journal, and an old tree would outrank all others then. */
  @Test
  void whoseFilesShowIsNotAskedOfARootThatWasReplicatedBefore() throws Exception {
    replicatedBefore();
    String text = joined();
    assertTrue(text.contains(WITHOUT_EFFECT), text);
    assertFalse(Files.exists(state().root("site").resolve("initial")));
  }

  @Test
  void programsAreToldWhereItHasNoEffectToo() throws Exception {
    replicatedBefore();
    String json = joined("--json");
    assertTrue(json.contains("\"initialWithoutEffect\":[\"site\"]"), json);
  }

  @Test
  void aDryRunTellsWhereItWouldHaveNone() throws Exception {
    replicatedBefore();
    String text = joined("--dry-run");
    assertTrue(text.contains(WITHOUT_EFFECT), text);
  }
}
