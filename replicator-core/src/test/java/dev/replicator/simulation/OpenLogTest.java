package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A log is in conflict with that of a peer, and is written to all the time without a close. Who
 * shows his own version looks at it to join the other one, and finds one more.
 */
class OpenLogTest {
  private static final RelativePath LOG = RelativePath.of("debug.log");
  private static final long MINUTE_MILLIS = 60_000;
  private static final long LONGEST_MILLIS = 30_000;

  private final SimulatedCluster cluster = new SimulatedCluster(5, 2, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);
  private int lines;

  /** No watcher tells. */
  private void write(SimulatedNode node) {
    lines++;
    Thing there = node.disk.find(LOG).orElseThrow();
    node.disk.change(LOG, there.withText(node + "." + lines, node.nowNanos()));
  }

  private void writeFor(long millis) {
    for (long passed = 0; passed < millis; passed++) {
      write(one);
      cluster.run(1);
    }
  }

  /** What a watcher does that can tell. */
  private void writeAndTellFor(long millis) {
    for (long passed = 0; passed < millis; passed += LONGEST_MILLIS) {
      writeFor(LONGEST_MILLIS);
      user.tellWritten(one, LOG);
    }
  }

  private long versions() {
    return one.journal().root().orElseThrow().counter();
  }

  @Test
  void isLookedAtNowAndThenUntilItsWriterEnds() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, LOG, "first");
    cluster.settleAndApprove();
    cluster.nodes().forEach(node -> assertTrue(user.open(node, LOG)));
    cluster.links().forEach(SimulatedLink::cut);
    for (SimulatedNode node : List.of(two, one)) {
      write(node);
      node.watched(new Event.Suspected(LOG, Cause.SCAN, false));
      cluster.run(MINUTE_MILLIS);
    }
    long before = versions();
    cluster.links().forEach(SimulatedLink::heal);
    writeFor(MINUTE_MILLIS);
    long found = versions() - before;
    assertTrue(found <= 15, () -> found + " versions in a minute");

    long told = versions();
    writeAndTellFor(MINUTE_MILLIS);
    long more = versions() - told;
    assertTrue(more <= 15, () -> more + " versions in the minute after that");

    cluster.nodes().forEach(node -> user.close(node, LOG));
    cluster.settleAndApprove();
    assertEquals(one.disk.find(LOG).orElseThrow().text(), two.disk.find(LOG).orElseThrow().text());
  }

  @Test
  void reachesThePeerBeforeItIsClosed() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, LOG, "first");
    cluster.settleAndApprove();
    assertTrue(user.open(one, LOG));
    write(one);
    cluster.run(MINUTE_MILLIS);
    assertEquals("first", two.disk.find(LOG).orElseThrow().text());

    user.tellWritten(one, LOG);
    cluster.settleAndApprove();

    assertEquals(one.disk.find(LOG).orElseThrow().text(), two.disk.find(LOG).orElseThrow().text());
  }
}
