package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The handler that DRBD calls, with a curl that answers as a daemon would. */
final class FencePeerTest {
  private static final Path SCRIPT = Path.of("src/main/dist/drbd/fence-peer").toAbsolutePath();
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({"200, 7", "409, 1", "000, 1", "500, 1"})
  void goesOnOnlyWhenItIsGranted(String status, int exitCode) throws Exception {
    assertEquals(exitCode, run(status, "r0", "web2"));
    String asked = Files.readString(directory.resolve("asked"));
    assertTrue(asked.contains("--unix-socket /run/control.sock"), asked);
    assertTrue(asked.contains("/v1/fence?resource=r0&peer=web2&generation=8C2D:0:1:1\n"), asked);
  }

  @Test
  void asksAgainWhileNobodyDecided() throws Exception {
    assertEquals(1, run("503", "r0", "web2"));
    assertTrue(Files.readString(directory.resolve("asked")).lines().count() > 1);
  }

  @Test
  void asksWithoutAGenerationThatCouldBeMore() throws Exception {
    tool("drbdadm", "printf '8C2D&peer=web1'");
    assertEquals(7, run("200", "r0", "web2"));
    String asked = Files.readString(directory.resolve("asked"));
    assertTrue(asked.contains("peer=web2&generation=\n"), asked);
  }

  @Test
  void asksNothingForANameThatCouldBeMore() throws Exception {
    assertEquals(1, run("200", "r0&peer=web1", "web2"));
    assertFalse(Files.exists(directory.resolve("asked")));
  }

  private void tool(String name, String text) throws IOException {
    Path tool = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
  }

  private int run(String status, String resource, String peer)
      throws IOException, InterruptedException {
    tool("curl", "echo \"$*\" >>" + directory + "/asked\nprintf " + status);
    if (!Files.exists(directory.resolve("drbdadm"))) {
      tool("drbdadm", "echo 8C2D:0:1:1");
    }
    return new ProcessRunner()
        .run(
            List.of(
                "/usr/bin/env",
                "PATH=" + directory + ":/usr/bin:/bin",
                "DRBD_RESOURCE=" + resource,
                "DRBD_PEER=" + peer,
                "/bin/sh",
                SCRIPT.toString(),
                "/run/control.sock",
                "3"),
            DEADLINE)
        .exitCode();
  }
}
