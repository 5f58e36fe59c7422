package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Node b runs as the unit has it, as far as that goes without systemd: with its capabilities and no
 * way to others, its mask, and one place it may write to on a disk that is otherwise read-only.
 */
class SandboxTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path home;
  private TestNode a;
  private TestNode b;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "a sandbox needs root");
    assumeTrue(
        Program.succeeds(home, "unshare --mount mount -o remount,bind,ro /"),
        "no mount namespaces here");
    a = TestNode.init(home, "a");
    b = TestNode.init(home, "b");
    cluster = new Cluster(List.of(a, b));
    a.start();
    Cluster.join(a, b);
    b.startSandboxed(Unit.read());
    a.awaitLive(1);
    b.awaitLive(1);
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private String processStatus(String key) throws IOException {
    return Program.shell(home, "sed -n 's/^" + key + ":\\s*//p' /proc/" + b.pid() + "/status")
        .strip();
  }

  @Test
  void isReallyHeldIn() throws IOException {
    assertEquals(processStatus("CapBnd"), processStatus("CapEff"));
    assertEquals(Unit.read().capabilities().size(), bits(processStatus("CapEff")));
    assertEquals("1", processStatus("NoNewPrivs"));
    assertFalse(
        Program.succeeds(home, "nsenter --mount --target " + b.pid() + " touch /sandboxed"));
  }

  private static int bits(String hexadecimal) {
    return Long.bitCount(Long.parseUnsignedLong(hexadecimal, 16));
  }

  @Test
  void carriesOwnersModesAndSetGidDirectoriesBothWays() throws IOException {
    Program.shell(
        a.root(),
        """
        mkdir shared; chown 1234:2345 shared; chmod 2775 shared
        printf x > shared/f; chown 1234:2345 shared/f; chmod 0600 shared/f
        ln -s f shared/link; chown -h 33:33 shared/link
        """);
    cluster.converge();
    assertEquals("2775 1234 2345", Program.shell(b.root(), "stat -c '%a %u %g' shared").strip());
    assertEquals("600 1234 2345", Program.shell(b.root(), "stat -c '%a %u %g' shared/f").strip());

    Program.shell(
        b.root(),
        """
        printf y > closed; chown 4321:4321 closed; chmod 0000 closed
        mkdir hidden; printf z > hidden/f; chown -R 4321:4321 hidden; chmod 0700 hidden
        printf xy > shared/f; mkdir shared/below; chown 4321:2345 shared/below
        chmod 2750 shared/below
        """);
    cluster.converge();
    assertEquals("y", Files.readString(a.path("closed")));
    assertEquals("xy", Files.readString(a.path("shared/f")));
  }

  @Test
  void watchesWithoutARightToAndStagesBesideItsState() throws IOException {
    assertTrue(b.rootStatus().watcher().startsWith("inotify"), b::describe);
    assertEquals(List.of(), b.rootStatus().notes(), b::describe);
    assertFalse(Files.exists(b.path(".replicator")), "staged in the root");
  }

  @Test
  void noticesWhoHoldsAFileOfSomebodyElseOpen() throws IOException {
    Program.shell(a.root(), "printf old > f; chown 1234:2345 f");
    a.awaitShownBy("all");
    Process writer =
        Program.builder(
                List.of("/bin/sh", "-euc", "exec 3>>f; echo open; read go; printf ' late' >&3"))
            .directory(b.root().toFile())
            .start();
    try {
      assertEquals("open", writer.inputReader().readLine());
      Program.shell(a.root(), "printf new > f.tmp; chown 1234:2345 f.tmp; mv f.tmp f");
      Deadline.in(SOON)
          .await(
              "the new content shows while the old is open",
              () -> Files.readString(b.path("f")).equals("new"),
              b::describe);

      writer.outputWriter().append("go\n").close();
      Deadline.in(SOON)
          .await(
              "what was written late is kept",
              () -> a.conflicts().size() == 1 || Files.readString(a.path("f")).endsWith("late"),
              b::describe);
    } finally {
      writer.destroyForcibly();
    }
  }
}
