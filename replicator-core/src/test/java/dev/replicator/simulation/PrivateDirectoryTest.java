package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A directory that was deleted while somebody put something into it. */
class PrivateDirectoryTest extends BackupScenario {
  private static final RelativePath DIRECTORY = RelativePath.of("private");
  private static final RelativePath WITHIN = RelativePath.of("private/x");
  private static final int MODE = 0700;

  private void makePrivate() {
    user.makeDirectory(one(), DIRECTORY);
    Thing made = one().disk.find(DIRECTORY).orElseThrow();
    var mine = Thing.attributes(EntryType.DIRECTORY, MODE);
    one().disk.put(DIRECTORY, made.withMetadata(mine, one().nowNanos()));
    one().watched(new Event.Suspected(DIRECTORY, Cause.WATCH, false));
    settle();
  }

  private void assertPrivate(int mode) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals("x", text(node, WITHIN));
      assertEquals(mode, node.disk.find(DIRECTORY).orElseThrow().metadata().mode());
    }
  }

  @Test
  void keepsItsModeAlsoOnceTheDeletionIsForgotten() {
    begin();
    makePrivate();
    cluster.links().forEach(SimulatedLink::cut);
    user.delete(one(), DIRECTORY);
    user.write(two(), WITHIN, "x");
    cluster.run(MOMENT);
    cluster.links().forEach(SimulatedLink::heal);
    settle();
    assertPrivate(MODE);
    for (int restarts = 0; restarts < 2; restarts++) {
      cluster.run(ALONE);
      restart(one());
      settle();
      assertPrivate(MODE);
    }
    user.delete(two(), WITHIN);
    settle();
    cluster.run(ALONE);
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals("nothing", text(node, DIRECTORY));
    }
  }

  private void cut() {
    cluster.links().forEach(SimulatedLink::cut);
  }

  private void heal() {
    cluster.run(MOMENT);
    cluster.links().forEach(SimulatedLink::heal);
    settle();
  }

  /** The file is another thing, and tells nothing of who may see what is in the directory. */
  @Test
  void keepsItsModeWhereAFileTookItsPlace() {
    begin();
    makePrivate();
    cut();
    user.delete(one(), DIRECTORY);
    user.write(one(), DIRECTORY, "file");
    user.write(two(), WITHIN, "x");
    heal();
    assertPrivate(MODE);
  }

  @Test
  void fileThatIsWrittenKeepsItsModeWhereALinkTookItsPlace() {
    begin();
    user.write(one(), F, "v1");
    user.changeMode(one(), F, 0600);
    settle();
    cut();
    user.link(one(), F, "elsewhere");
    cluster.run(MOMENT);
    user.writeInPlace(two(), F, "v2");
    heal();
    assertEverywhere("v2", F);
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(0600, node.disk.at(F).metadata().mode());
    }
  }

  private void configure(SimulatedNode node, SimulatedNode... peers) {
    TreeSet<NodeId> ids = new TreeSet<>();
    List.of(peers).forEach(peer -> ids.add(peer.id));
    node.handle(new Event.PeersConfigured(ids));
  }

  /** Who is no peer is not asked before a deletion is forgotten, and the modes with it. */
  @Test
  void keepsItsModeWhereAPeerThatWasRemovedPutSomethingIntoIt() {
    begin();
    makePrivate();
    cut();
    configure(one());
    user.delete(one(), DIRECTORY);
    cluster.run(ALONE);
    assertTrue(one().journal().record(DIRECTORY).isEmpty(), "the deletion is not forgotten");
    user.write(two(), WITHIN, "x");
    configure(one(), two());
    heal();
    assertPrivate(MODE);
  }
}
