package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
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
}
