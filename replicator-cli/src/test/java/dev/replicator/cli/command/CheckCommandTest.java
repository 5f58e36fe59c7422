package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.block.BlockRoot;
import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.daemon.MeshNetwork;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.KeyText;
import dev.replicator.runtime.RootReport;
import dev.replicator.runtime.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words and codes that monitoring reads. */
final class CheckCommandTest {
  private static final int OK = 0;
  private static final int WARNING = 1;
  private static final int CRITICAL = 2;
  private static final int UNKNOWN = 3;

  @TempDir private Path temporary;
  private Workplace place;
  private FakeRoots roots;

  @BeforeEach
  void configure() {
    place = new Workplace(temporary, "web1").drawn();
    roots = new FakeRoots();
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", place.config().toString()));
    return Replicator.run(place.console, roots, MeshNetwork.factory(), all.toArray(String[]::new));
  }

  /** That of a root that needs no peers. */
  private Daemon daemon() throws Failure {
    Daemon daemon = daemonOfFiles();
    roots.root("site").watcher = BlockRoot.WATCHER;
    return daemon;
  }

  private Daemon daemonOfFiles() throws Failure {
    return Daemon.start(place.configuration(), Daemon.Mode.SERVING, roots, MeshNetwork.factory());
  }

  private void check(int code, String... lines) {
    assertEquals(code, run("check"));
    assertEquals(List.of(lines), place.out().lines().toList());
  }

  @Test
  void isOneLineAndItsFiguresWhenAllIsWell() throws Failure {
    try (Daemon _ = daemon()) {
      check(
          OK,
          "REPLICATOR OK - roots: 1, peers connected: 0 | lag=0ms pending=0 conflicts=0 held=0");
      assertEquals(OK, run("check", "--json"));
      assertEquals("{\"verdict\":\"ok\",\"critical\":[],\"warnings\":[]}", place.out().strip());
    }
  }

  @Test
  void warnsOfANodeThatHasRootsAndNoPeers() throws Failure {
    try (Daemon _ = daemonOfFiles()) {
      assertEquals(WARNING, run("check"));
      String line = place.out();
      assertTrue(line.startsWith("REPLICATOR WARNING - this node has no peers, and"), line);
    }
  }

  @Test
  void warnsOfAPeerThatIsAway() throws Failure {
    assertEquals(0, run("peer", "add", "web2", "--key", KeyText.print(FakeRoot.node("05"))));
    place.out();
    try (Daemon _ = daemon()) {
      assertEquals(WARNING, run("check"));
      String line = place.out();
      assertTrue(line.startsWith("REPLICATOR WARNING - peer web2 is not connected"), line);
      assertTrue(line.contains(" | lag=U pending="), line);
    }
  }

  @Test
  void warnsOfAPathThatWaitsForLongerThanItsPatience() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").pend(RelativePath.of("full|of"));
      assertEquals(WARNING, run("check"));
      String line = place.out();
      assertTrue(line.contains("1 pending path, as full/of since 1970-01-01T00:00:00Z"), line);
      assertEquals(1, line.chars().filter(character -> character == '|').count(), line);
      assertEquals(OK, run("check", "--patience", "999999h"));
    }
  }

  @Test
  void warnsOfARootThatServesAndSaysWhy() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").reason = "degraded: the peer has no disk";
      check(
          WARNING,
          "REPLICATOR WARNING - root site is degraded: the peer has no disk"
              + " | lag=0ms pending=0 conflicts=0 held=0");
    }
  }

  @Test
  void isCriticalWhenALoadBalancerShouldSendNothingHere() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").state = RootReport.State.HELD;
      roots.root("site").reason = "split-brain: both sides wrote";
      check(
          CRITICAL,
          "REPLICATOR CRITICAL - root site is held: split-brain: both sides wrote"
              + " | lag=0ms pending=0 conflicts=0 held=0");
    }
  }

  @Test
  void isCriticalWhenVerifyLeftDamageAndNamesAllReasons() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").reason = "degraded: the peer is away";
      roots.root("site").verified =
          new VerifyReport(1, 2_000, 3, 3, 2, 4_000_000, 0, 1, 0, 1, 0, List.of());
      check(
          CRITICAL,
          "REPLICATOR CRITICAL - root site: verify left 1 damaged file; and 1 more"
              + " | lag=0ms pending=0 conflicts=0 held=0",
          "root site: verify left 1 damaged file",
          "root site is degraded: the peer is away");
    }
  }

  @Test
  void isCriticalWhenNoDaemonRuns() {
    assertEquals(CRITICAL, run("check"));
    String line = place.out();
    assertTrue(line.startsWith("REPLICATOR CRITICAL - the daemon is not running"), line);
  }

  @Test
  void isUnknownWhenItCannotBeAsked() {
    assertEquals(UNKNOWN, run("check", "--patience", "soon"));
    assertTrue(place.out().startsWith("REPLICATOR UNKNOWN - --patience: "));
    assertEquals(UNKNOWN, run("check", "--nonsense"));
    Workplace.write(place.config(), "[node]\nnmae = \"x\"\n");
    assertEquals(UNKNOWN, run("check"));
    String text = place.out();
    assertTrue(text.startsWith("REPLICATOR UNKNOWN - "), text);
    assertFalse(text.contains("\\x0a"), text);
  }
}
