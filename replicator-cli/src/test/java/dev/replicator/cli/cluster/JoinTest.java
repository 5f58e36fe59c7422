package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.cluster.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two trees that meet for the first time. */
class JoinTest {
  private static final int EQUAL = 300;
  private static final int FILE_BYTES = 20_000;

  @TempDir Path home;

  /** 300 equal files, 2 only on a, 3 only on b, 1 different. */
  private void prepare(TestNode a, TestNode b) throws IOException {
    Program.shell(
        a.root(),
        """
        mkdir -p equal empty
        for i in $(seq %d); do head -c %d /dev/urandom > equal/$i; done
        """
            .formatted(EQUAL, FILE_BYTES));
    Program.shell(home, "cp -a a/root/. b/root/");
    Program.shell(a.root(), "echo a1 > only-a1; echo a2 > only-a2; echo 'of a' > different");
    Program.shell(b.root(), "for i in 1 2 3; do echo b > only-b$i; done; echo 'of b' > different");
  }

  @Test
  void tellsBeforehandWhatWillHappen() throws IOException {
    TestNode a = TestNode.init(home, "a");
    TestNode b = TestNode.init(home, "b");
    prepare(a, b);
    try (a;
        b) {
      a.start();
      a.awaitLive(0);
      Manifest before = Manifest.of(b.root());

      Ended dry = b.run("join", a.succeed("invite"), "--dry-run");

      assertEquals(0, dry.code(), dry::toString);
      // The two directories are equal too.
      String counts = (EQUAL + 2) + " equal, 3 only here, 2 only there, 1 different";
      assertTrue(
          dry.out().contains("site: " + counts + "\n  different: different\n"), dry::toString);
      assertTrue(dry.out().contains("\nnext: "), dry::toString);
      assertEquals(before, Manifest.of(b.root()), "nothing changed");
      assertEquals(0, a.status().peers().size(), "nobody joined");
    }
  }

  @Test
  void joinsNearlyEqualTreesWithoutLosingAnythingOrSendingWhatIsEqual() throws IOException {
    TestNode a = TestNode.init(home, "a");
    TestNode b = TestNode.init(home, "b");
    prepare(a, b);
    try (Cluster pair = new Cluster(List.of(a, b))) {
      a.start();
      a.awaitLive(0);
      Cluster.join(a, b);
      b.start();
      a.awaitLive(1);
      b.awaitLive(1);
      pair.converge();

      long wire =
          a.status().peers().getFirst().bytesIn() + a.status().peers().getFirst().bytesOut();
      assertTrue(wire > 0 && wire < EQUAL * (long) FILE_BYTES / 10, wire + " bytes on the wire");
      assertEquals(EQUAL, a.path("equal").toFile().list().length);
      assertTrue(Files.exists(a.path("only-b3")) && Files.exists(b.path("only-a2")));
      String shown = Files.readString(a.path("different"));
      assertTrue(List.of("of a\n", "of b\n").contains(shown), shown);
      assertEquals(0, a.conflicts().size(), "adopted losers are no conflicts");
      assertEquals(1, a.rootStatus().adoptedLosers(), a::describe);
      assertEquals(1, b.rootStatus().adoptedLosers(), b::describe);
      String hint = b.succeed("conflicts list");
      assertTrue(hint.contains("no conflicts\n1 path has") && hint.contains("--adopted"), hint);
    }
  }

  @Test
  void letsTheFilesOfTheOthersShowWhenAsked() throws IOException {
    TestNode a = TestNode.init(home, "a");
    TestNode b = TestNode.init(home, "b");
    prepare(a, b);
    try (Cluster pair = new Cluster(List.of(a, b))) {
      a.start();
      a.awaitLive(0);
      Cluster.join(a, b, "--initial", "theirs");
      b.start();
      a.awaitLive(1);
      b.awaitLive(1);
      pair.converge();

      assertEquals("of a\n", Files.readString(b.path("different")));
      assertFalse(b.rootStatus().adoptedLosers() == 0, b::describe);
    }
  }
}
