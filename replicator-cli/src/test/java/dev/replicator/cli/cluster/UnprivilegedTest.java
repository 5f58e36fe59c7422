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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Node b runs as nobody: it may give no file away, and not read everything. */
class UnprivilegedTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path home;
  private TestNode a;
  private TestNode b;
  private Cluster cluster;

  @BeforeEach
  void configure() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "to become nobody needs root");
    Program.shell(home, "chmod 0755 .");
    a = TestNode.init(home, "a");
    b = TestNode.init(home, "b");
    cluster = new Cluster(List.of(a, b));
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private void start(String tree) throws IOException {
    a.start();
    Cluster.join(a, b);
    Program.shell(home, "chown -R 65534:65534 b");
    b.startAsNobody("-Dreplicator.tree=" + tree);
    a.awaitLive(1);
    b.awaitLive(1);
  }

  private static void awaitMode(TestNode node, String path, String mode) {
    Deadline.in(SOON)
        .await(
            path + " has mode " + mode + " on " + node.name(),
            () -> Program.shell(node.root(), "stat -c %a " + path).strip().equals(mode),
            () -> node.explain(path) + "\n" + node.describe());
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux", "portable"})
  void takesWhatItCanAndSendsNothingBack(String tree) throws IOException {
    Program.shell(a.root(), "mkdir d; echo x > d/f; chown 33:33 d/f; mkdir closed");
    Manifest before = Manifest.of(a.root());
    start(tree);
    a.awaitShownBy("all");
    b.awaitShownBy("all");

    assertTrue(b.rootStatus().notes().contains("owners not enforced"), b::describe);
    assertEquals("x\n", Files.readString(b.path("d/f")));
    assertEquals("65534", Program.shell(b.root(), "stat -c %u d/f").strip());
    assertEquals(before, Manifest.of(a.root()), a::describe);
    assertEquals(0, a.conflicts().size(), a::describe);

    Program.shell(a.root(), "chmod 0000 closed");
    awaitMode(b, "closed", "0");
    Program.shell(a.root(), "chmod 0750 closed");
    awaitMode(b, "closed", "750");
    Program.shell(a.root(), "echo y > closed/f");
    a.awaitShownBy("all");
    assertEquals("y\n", Files.readString(b.path("closed/f")));
    assertEquals("live", b.rootStatus().state(), b::describe);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux", "portable"})
  void goesOnWhenADirectoryIsClosedBeforeItIsSynced(String tree) throws IOException {
    Program.shell(a.root(), "mkdir d");
    start(tree);
    a.awaitShownBy("all");
    for (int round = 0; round < 5; round++) {
      String name = "d/" + round;
      Files.writeString(a.path(name), "x");
      Deadline.in(SOON).await("it shows", () -> Files.exists(b.path(name)), b::describe);
      Program.shell(b.root(), "chmod 000 d");
      // Beyond the pause between two syncs.
      Deadline pause = Deadline.in(Duration.ofMillis(1_500));
      while (!pause.isOver()) {
        assertFalse(b.rootStatus().state().equals("failed"), b::describe);
        Deadline.rest();
      }
      Program.shell(b.root(), "chmod 755 d");
    }
    Files.writeString(a.path("d/last"), "last");
    Deadline.in(SOON).await("it goes on", () -> Files.exists(b.path("d/last")), b::describe);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux", "portable"})
  void sendsAFileOnceItMayReadIt(String tree) throws IOException {
    start(tree);
    Program.shell(b.root(), "(umask 077; echo secret > closed); echo x > open");

    Deadline.in(SOON).await("a has open", () -> Files.exists(a.path("open")), a::describe);
    Deadline.in(SOON)
        .await(
            "b says why",
            () -> b.explain("closed").pending().orElse("").contains("permission"),
            () -> b.explain("closed") + "\n" + b.describe());
    assertFalse(Files.exists(a.path("closed")));

    Program.shell(b.root(), "chmod 0644 closed");
    Deadline.in(SOON).await("a has it", () -> Files.exists(a.path("closed")), b::describe);
    assertEquals("secret\n", Files.readString(a.path("closed")));
  }
}
