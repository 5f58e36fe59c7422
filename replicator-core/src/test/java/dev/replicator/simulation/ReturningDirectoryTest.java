package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A directory is moved away, gets a file there, and is moved back after it was seen to be absent
 * and before that was told. (Where nobody looked meanwhile the watcher says that it appeared.)
 */
class ReturningDirectoryTest {
  private static final long QUIET_MILLIS = 10_000;
  private static final long LIMIT_MILLIS = 90_000;
  private static final RelativePath HERE = RelativePath.of("c");
  private static final RelativePath THERE = RelativePath.of("f");

  @ParameterizedTest
  @ValueSource(longs = {20, 50, 100, 150, 250})
  void bringsAlongWhatWasPutIntoIt(long awayMillis) {
    SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    SimulatedNode one = cluster.node(0);
    user.makeDirectory(one, HERE);
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));

    user.rename(one, HERE, THERE);
    cluster.run(awayMillis);
    user.write(one, THERE.child(new byte[] {'g'}), "text");
    user.rename(one, THERE, HERE);

    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
    assertEquals(one.disk.things().keySet(), cluster.node(1).disk.things().keySet());
    assertTrue(cluster.node(1).disk.find(HERE.child(new byte[] {'g'})).isPresent());
  }
}
