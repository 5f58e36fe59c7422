package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerNames;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.control.JoinJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.host.MachineClock;
import dev.replicator.model.Entry;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.KeyText;
import dev.replicator.net.pairing.InvitationFiles;
import dev.replicator.net.session.Address;
import dev.replicator.runtime.SummaryItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Daemons over the real network, with roots in memory. */
@Timeout(60)
final class PairingTest {
  @TempDir private Path temporary;
  private Workplace one;
  private Workplace two;
  private Workplace three;

  @BeforeEach
  void configure() {
    one = new Workplace(temporary, "web1").drawn();
    two = new Workplace(temporary, "web2").drawn();
    three = new Workplace(temporary, "web3").drawn();
  }

  private static Daemon start(Workplace place, FakeRoots roots) throws Failure {
    return Daemon.start(place.configuration(), Daemon.Mode.SERVING, roots, MeshNetwork.factory());
  }

  private static String invite(Workplace place, Daemon daemon) throws Failure, IOException {
    return new InvitationFiles(StateDirectory.prepare(place.state()).invitations())
        .create(
            Address.parse(daemon.listen()),
            daemon.id(),
            Duration.ofMinutes(1),
            MachineClock.open().wallMillis())
        .token();
  }

  private static Joining joining(Workplace place) throws Failure {
    return new Joining(place.configuration(), StateDirectory.prepare(place.state()));
  }

  @Test
  void aJoinConnectsTwoRunningDaemonsWithoutARestart() throws Exception {
    FakeRoots rootsOfOne = new FakeRoots();
    FakeRoots rootsOfTwo = new FakeRoots();
    try (Daemon first = start(one, rootsOfOne);
        Daemon second = start(two, rootsOfTwo)) {
      JoinJson joined = joining(two).join(invite(one, first), Initial.THEIRS);
      assertTrue(second.reload().done());
      assertEquals(List.of("site"), joined.rootsOnBoth());
      assertEquals(second.id(), rootsOfOne.root("site").connected.get(30, TimeUnit.SECONDS));
      assertEquals(first.id(), rootsOfTwo.root("site").connected.get(30, TimeUnit.SECONDS));
      assertEquals("web2", rootsOfOne.root("site").names.get(second.id()));
      assertEquals(Initial.THEIRS, StateDirectory.prepare(two.state()).initial("site"));
    }
  }

  @Test
  void aTokenLetsOneNodeInAndNoSecond() throws Exception {
    try (Daemon first = start(one, new FakeRoots())) {
      String token = invite(one, first);
      joining(two).join(token, Initial.UNION);
      Failure refused =
          assertThrows(Failure.class, () -> joining(three).join(token, Initial.UNION));
      assertEquals(ExitCode.REFUSED, refused.code());
      assertTrue(new PeerStore(three.state()).peers().isEmpty());
    }
  }

  @Test
  void aJoinNeedsTheDaemonThatInvited() throws Exception {
    String token;
    try (Daemon first = start(one, new FakeRoots())) {
      token = invite(one, first);
    }
    Failure failure = assertThrows(Failure.class, () -> joining(two).join(token, Initial.UNION));
    assertEquals(ExitCode.NOT_RUNNING, failure.code());
  }

  @Test
  void aDryRunCountsAndChangesNothingOnEitherSide() throws Exception {
    Files.createDirectory(two.tree().resolve("both"));
    Files.writeString(two.tree().resolve("differs"), "mine");
    Files.writeString(two.tree().resolve("mine"), "mine");
    FakeRoots roots = new FakeRoots();
    try (Daemon first = start(one, roots)) {
      Entry file = new Entry.File(FakeRoot.DIGEST, 4);
      FakeRoot root = roots.root("site");
      root.summary.add(new SummaryItem(RelativePath.of("both"), Entry.DIRECTORY));
      root.summary.add(new SummaryItem(RelativePath.of("differs"), file));
      root.summary.add(new SummaryItem(RelativePath.of("theirs"), file));
      String token = invite(one, first);
      assertEquals(
          List.of(new JoinJson.Counts("site", 1, 1, 1, 1, List.of("differs"))),
          joining(two).compare(token, Initial.UNION).counts());
      assertTrue(new PeerStore(one.state()).peers().isEmpty());
      assertTrue(new PeerStore(two.state()).peers().isEmpty());
      joining(two).join(token, Initial.UNION);
    }
  }

  @Test
  void aThirdNodeLearnsOfTheSecondFromTheFirst() throws Exception {
    try (Daemon first = start(one, new FakeRoots())) {
      joining(two).join(invite(one, first), Initial.UNION);
      joining(three).join(invite(one, first), Initial.UNION);
      assertEquals(
          List.of("web1", "web2"),
          new PeerStore(three.state()).peers().stream().map(PeerConfig::name).sorted().toList());
    }
  }

  /** Whose key comes first in order is chance: nobody is called otherwise for that. */
  @Test
  void aNewcomerWhoseNameIsTakenHasAnotherOneOnAllNodes() throws Exception {
    Workplace late =
        new Workplace(Files.createDirectory(temporary.resolve("late")), "web2").drawn();
    NodeId holder = NodeIdentity.of(two.configuration(), StateDirectory.prepare(two.state()));
    NodeId newcomer = NodeIdentity.of(late.configuration(), StateDirectory.prepare(late.state()));
    try (Daemon first = start(one, new FakeRoots())) {
      assertEquals("web2", joining(two).join(invite(one, first), Initial.UNION).calledThere());
      JoinJson joined = joining(late).join(invite(one, first), Initial.UNION);
      joining(three).join(invite(one, first), Initial.UNION);

      PeerBook here = PeerBook.of(one.configuration(), new PeerStore(one.state()));
      PeerBook there = PeerBook.of(three.configuration(), new PeerStore(three.state()));
      PeerBook own = PeerBook.of(late.configuration(), new PeerStore(late.state()));
      assertEquals("web2", here.nameOf(holder));
      assertEquals("web2", there.nameOf(holder));
      assertEquals("web2", own.nameOf(holder));
      assertEquals(joined.calledThere(), here.nameOf(newcomer));
      assertEquals(joined.calledThere(), there.nameOf(newcomer));
      assertEquals(Optional.of("web2"), PeerNames.wanted(joined.calledThere(), newcomer));
    }
  }

  /** As when another node, which still knows it, tells of it. */
  private void assertNotLearned(NodeId key) throws Exception {
    PeerConfig told = new PeerConfig("web9", Optional.empty(), key, "learned");
    assertFalse(new PeerStore(one.state()).learn(told));
  }

  private static String written(NodeId key) {
    return "[[peer]]\nname = \"web9\"\nkey = \"%s\"\n".formatted(KeyText.print(key));
  }

  @Test
  void whoVanishedFromTheFilesBeforeAStartIsNotTrustedAgain() throws Exception {
    NodeId decommissioned = FakeRoot.node("09");
    one.writeConfig(written(decommissioned));
    start(one, new FakeRoots()).close();
    one.writeConfig("");
    try (Daemon daemon = start(one, new FakeRoots())) {
      assertTrue(daemon.peers().isEmpty());
      assertNotLearned(decommissioned);
    }
  }

  @Test
  void whoVanishesFromTheFilesBeforeAReloadIsNotTrustedAgain() throws Exception {
    NodeId decommissioned = FakeRoot.node("09");
    try (Daemon daemon = start(one, new FakeRoots())) {
      one.writeConfig(written(decommissioned));
      assertEquals("1 peers: web9", daemon.reload().text());
      one.writeConfig("");
      assertEquals("no peers", daemon.reload().text());
      assertNotLearned(decommissioned);
    }
  }

  /** Who would be stored were trusted when no file names it any more. */
  @Test
  void aJoinStoresNobodyWhomTheFilesName() throws Exception {
    try (Daemon first = start(one, new FakeRoots())) {
      joining(two).join(invite(one, first), Initial.UNION);
      NodeId second = new PeerStore(one.state()).peers().getFirst().key();
      three.writeConfig(written(second));
      joining(three).join(invite(one, first), Initial.UNION);
      assertEquals(
          List.of("web1"),
          new PeerStore(three.state()).peers().stream().map(PeerConfig::name).toList());
    }
  }

  @Test
  void aReloadWithErrorsKeepsWhatRuns() throws Exception {
    try (Daemon daemon = start(one, new FakeRoots())) {
      Workplace.write(one.config(), "[node]\nname = 1\n");
      assertTrue(daemon.reload().text().contains("nothing was changed"));
      one.writeConfig("settle_millis = 50\n");
      assertEquals("no peers\nrestart needed for: root site", daemon.reload().text());
    }
  }
}
