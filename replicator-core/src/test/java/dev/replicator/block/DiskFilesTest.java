package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskFilesTest {
  private final DiskFiles files = new DiskFiles();

  @TempDir private Path directory = Path.of("");

  @Test
  void keepsASecretFromOthers() throws IOException {
    Path target = directory.resolve("r0.res");
    files.write(file(target, true));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    assertEquals(Optional.of(RenderedFile.MARK + "x"), files.read(target.toString()));
  }

  @Test
  void keepsWhatSomebodyElseWroteBesideItOnce() throws IOException {
    Path target = directory.resolve("cluster.conf");
    Files.writeString(target, "theirs");
    files.write(file(target, false));
    files.write(file(target, false));
    Path kept = directory.resolve("cluster.conf.before-replicator");
    assertEquals("theirs", Files.readString(kept));
    Files.writeString(target, "theirs again");
    assertThrows(IOException.class, () -> files.write(file(target, false)));
    assertEquals("theirs again", Files.readString(target));
    assertEquals("theirs", Files.readString(kept));
  }

  @Test
  void takesNoSecretThatOthersMayRead() throws IOException {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "FooFunFactory\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    assertThrows(IOException.class, () -> files.secret(secret.toString()));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertEquals(Configs.SECRET, files.secret(secret.toString()));
    Files.writeString(secret, "short");
    assertThrows(IOException.class, () -> files.secret(secret.toString()));
  }

  @Test
  void saysHowASecretIsMadeThatIsNotThere() {
    String secret = directory.resolve("secret").toString();
    IOException failure = assertThrows(IOException.class, () -> files.secret(secret));
    assertEquals(
        secret + " does not exist: make the secret on one node as BLOCK.md says, and copy it",
        failure.getMessage());
  }

  private static RenderedFile file(Path path, boolean secret) {
    return new RenderedFile(
        path.toString(), RenderedFile.MARK + "x", secret, RenderedFile.Foreign.IN_THE_WAY);
  }
}
