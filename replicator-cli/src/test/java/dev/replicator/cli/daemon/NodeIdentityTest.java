package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  private StateDirectory state;
  private NodeId first;

  @BeforeEach
  void draw() throws Failure {
    state = StateDirectory.prepare(temporary);
    first = NodeIdentity.of(state);
  }

  private Path file(String name) {
    return state.path().resolve(name);
  }

  @Test
  void aNodeThatLostItsKeyDoesNotBecomeAnotherUnasked() throws IOException, Failure {
    state.root("site");
    byte[] key = Files.readAllBytes(file("key.pem"));
    Files.delete(file("key.pem"));

    Failure refusal = assertThrows(Failure.class, () -> NodeIdentity.of(state));
    assertEquals(ExitCode.REFUSED, refusal.code());
    String words = file("key.pem") + " is missing, by which the peers know this node: put it back";
    assertTrue(refusal.text().startsWith(words), refusal.text());
    assertFalse(Files.exists(file("key.pem")));

    Files.write(file("key.pem"), key);
    Files.setPosixFilePermissions(file("key.pem"), PosixFilePermissions.fromString("rw-------"));
    assertEquals(first, NodeIdentity.of(state));
  }

  @Test
  void whoRemovesTheCertificateTooBeginsAnew() throws IOException, Failure {
    state.root("site");
    Files.delete(file("key.pem"));
    Files.delete(file("cert.pem"));

    assertNotEquals(first, NodeIdentity.of(state));
  }

  @Test
  void aFirstStartThatWasCutShortDrawsAnew() throws IOException, Failure {
    Files.delete(file("key.pem"));

    assertNotEquals(first, NodeIdentity.of(state));
  }
}
