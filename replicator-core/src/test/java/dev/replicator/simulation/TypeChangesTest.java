package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A directory gives way to a link or a file, as a deployment turns {@code current}, or git changes
 * branches. What was in it is not known to be gone yet.
 */
class TypeChangesTest {
  private static final RelativePath D = RelativePath.of("d");
  private static final RelativePath A = RelativePath.of("d/a");
  private static final RelativePath AWAY = RelativePath.of("away");
  private static final long QUIET_MILLIS = 2_000;
  private static final long LIMIT_MILLIS = 25_000;
  private static final int WATCHED_MILLIS = 5_000;

  /** By which way the directory leaves, and what takes its place. */
  private enum Way {
    REMOVED_FOR_A_LINK,
    REMOVED_FOR_A_FILE,
    MOVED_AWAY_FOR_A_LINK
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatSomebodyPutInThePlaceOfADirectoryStays(long seed) {
    SimulatedCluster cluster = new SimulatedCluster(seed, 2, false);
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    SimulatedNode one = cluster.node(0);
    SimulatedNode two = cluster.node(1);
    user.makeDirectory(one, D);
    user.write(one, A, "a");
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));

    EntryType put = change(user, one, Way.values()[(int) (seed % Way.values().length)]);

    for (int millis = 0; millis < WATCHED_MILLIS; millis++) {
      cluster.run(1);
      assertEquals(Optional.of(put), one.disk.find(D).map(Thing::type), () -> "seed " + seed);
    }
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
    assertEquals(Optional.of(put), two.disk.find(D).map(Thing::type));
    assertEquals(0, two.journal().pendingCount());
  }

  private static EntryType change(SimulatedUser user, SimulatedNode node, Way way) {
    switch (way) {
      case REMOVED_FOR_A_LINK -> {
        user.delete(node, A);
        user.delete(node, D);
        user.link(node, D, "tgt");
        return EntryType.SYMLINK;
      }
      case REMOVED_FOR_A_FILE -> {
        user.delete(node, A);
        user.delete(node, D);
        user.write(node, D, "a file");
        return EntryType.FILE;
      }
      case MOVED_AWAY_FOR_A_LINK -> {
        user.rename(node, D, AWAY);
        user.link(node, D, "tgt");
        return EntryType.SYMLINK;
      }
    }
    throw new AssertionError(way);
  }
}
