package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.Workplace;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a node stays who it is. */
final class NodeIdentityTest {
  @TempDir private Path temporary;
  private Workplace place;
  private StateDirectory state;
  private NodeId first;

  @BeforeEach
  void draw() throws Failure {
    place = new Workplace(temporary, "web1");
    state = StateDirectory.prepare(place.state());
    first = NodeIdentity.draw(state);
  }

  private Path file(String name) {
    return state.path().resolve(name);
  }

  @Test
  void aNodeThatLostItsKeyDoesNotBecomeAnotherUnasked() throws IOException, Failure {
    state.root("site");
    byte[] key = Files.readAllBytes(file("key.pem"));
    Files.delete(file("key.pem"));

    Failure refusal = assertThrows(Failure.class, () -> NodeIdentity.draw(state));
    assertEquals(ExitCode.REFUSED, refusal.code());
    String words = file("key.pem") + " is missing, by which the peers know this node: put it back";
    assertTrue(refusal.text().startsWith(words), refusal.text());
    assertFalse(Files.exists(file("key.pem")));

    Files.write(file("key.pem"), key);
    Files.setPosixFilePermissions(file("key.pem"), PosixFilePermissions.fromString("rw-------"));
    assertEquals(first, NodeIdentity.draw(state));
  }

  @Test
  void whoRemovesTheCertificateTooBeginsAnew() throws IOException, Failure {
    state.root("site");
    Files.delete(file("key.pem"));
    Files.delete(file("cert.pem"));

    assertNotEquals(first, NodeIdentity.draw(state));
  }

  @Test
  void aFirstStartThatWasCutShortDrawsAnew() throws IOException, Failure {
    Files.delete(file("key.pem"));

    assertNotEquals(first, NodeIdentity.draw(state));
  }

  /** As where the disk of the state is not mounted. */
  @Test
  void aNodeWithoutAStateIsNobodyUntilItIsSetUp() throws IOException, Failure {
    Files.delete(file("key.pem"));
    Files.delete(file("cert.pem"));

    Failure refusal =
        assertThrows(Failure.class, () -> NodeIdentity.of(place.configuration(), state));
    assertEquals(ExitCode.CONFIGURATION, refusal.code());
    assertTrue(refusal.text().contains("mount it"), refusal.text());
    assertTrue(refusal.text().endsWith("`replicator init`"), refusal.text());
    assertFalse(Files.exists(file("key.pem")));

    NodeId drawn = NodeIdentity.draw(state);
    assertEquals(drawn, NodeIdentity.of(place.configuration(), state));
  }
}
