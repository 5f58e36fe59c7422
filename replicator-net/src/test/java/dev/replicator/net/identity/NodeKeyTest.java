package dev.replicator.net.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeKeyTest {
  @TempDir Path state;

  private String refusal() {
    return String.valueOf(
        assertThrows(IdentityException.class, () -> NodeKey.loadOrCreate(state)).getMessage());
  }

  @Test
  void isTheSameAfterARestart() throws Exception {
    NodeKey first = NodeKey.loadOrCreate(state);

    NodeKey again = NodeKey.loadOrCreate(state);

    assertEquals(first.node(), again.node());
    assertEquals(first.certificate(), again.certificate());
  }

  @Test
  void isAnotherInEveryDirectory() throws Exception {
    NodeKey one = NodeKey.loadOrCreate(state.resolve("one"));
    NodeKey two = NodeKey.loadOrCreate(state.resolve("two"));

    assertNotEquals(one.node(), two.node());
  }

  @Test
  void leavesTwoFilesAndTheSecretOneToItsOwner() throws Exception {
    NodeKey.loadOrCreate(state);

    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(state.resolve(NodeKey.KEY_FILE))));
    try (Stream<Path> files = Files.list(state)) {
      assertEquals(2, files.count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "rw---x---"})
  void refusesAKeyThatIsOpenToOthers(String mode) throws Exception {
    NodeKey.loadOrCreate(state);
    Files.setPosixFilePermissions(
        state.resolve(NodeKey.KEY_FILE), PosixFilePermissions.fromString(mode));

    String message = refusal();

    assertTrue(message.contains("chmod 600"), message);
    assertTrue(message.contains(mode), message);
  }

  @Test
  void refusesAKeyBehindALink() throws Exception {
    NodeKey.loadOrCreate(state);
    Path key = state.resolve(NodeKey.KEY_FILE);
    Files.move(key, state.resolve("elsewhere"));
    Files.createSymbolicLink(key, state.resolve("elsewhere"));

    assertTrue(refusal().contains("regular file"));
  }

  @Test
  void refusesADamagedKey() throws Exception {
    NodeKey.loadOrCreate(state);
    Files.writeString(state.resolve(NodeKey.KEY_FILE), "hello");

    assertTrue(refusal().contains("PEM"));
  }

  @Test
  void refusesAKeyWithTheCertificateOfAnother() throws Exception {
    NodeKey.loadOrCreate(state);
    NodeKey.loadOrCreate(state.resolve("other"));
    Files.copy(
        state.resolve("other").resolve(NodeKey.CERTIFICATE_FILE),
        state.resolve(NodeKey.CERTIFICATE_FILE),
        StandardCopyOption.REPLACE_EXISTING);

    assertTrue(refusal().contains("not of the key"));
  }

  @Test
  void refusesAKeyWithoutItsCertificate() throws Exception {
    NodeKey.loadOrCreate(state);
    Files.delete(state.resolve(NodeKey.CERTIFICATE_FILE));

    assertTrue(refusal().contains("is missing"));
  }

  @Test
  void drawsAnewAfterAStartThatWasCutShort() throws Exception {
    NodeKey.loadOrCreate(state);
    Files.delete(state.resolve(NodeKey.KEY_FILE));

    assertEquals(NodeKey.loadOrCreate(state).node(), NodeKey.loadOrCreate(state).node());
  }
}
