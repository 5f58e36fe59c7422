package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.Test;

/** Of two who wrote while a daemon was down the later one shows, whenever the first was found. */
class OfflineWritesTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long STOP = 1;
  private static final long PAUSE = 2;
  private static final long RESUME = 3;
  private static final long STOP_MILLIS = 5_000;
  private static final long DAY_MILLIS = 86_400_000;
  private static final long QUIET_MILLIS = 10_000;
  private static final long LIMIT_MILLIS = 600_000;

  private final SimulatedCluster cluster = new SimulatedCluster(5, 2, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);

  private void settle() {
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
  }

  private void begin() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, F, "before");
    settle();
    one.handle(new Event.StopAsked(STOP));
    cluster.run(STOP_MILLIS);
    one.kill();
  }

  private void end(String shown) {
    cluster.start(one);
    settle();
    assertAllShow(shown);
  }

  /** And the other version stays beside it. */
  private void assertAllShow(String shown) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(shown, node.disk.find(F).orElseThrow().text());
      assertEquals(2, node.journal().record(F).orElseThrow().record().contents().size());
    }
  }

  @Test
  void whatWasWrittenOnFridayDoesNotShowOverWhatWasWrittenOnMonday() {
    begin();
    user.write(one, F, "on Friday");
    cluster.run(3 * DAY_MILLIS);
    user.write(two, F, "on Monday");
    cluster.run(QUIET_MILLIS);
    end("on Monday");
  }

  @Test
  void whatWasWrittenLastShowsThoughItsDaemonWasDown() {
    begin();
    user.write(two, F, "on Friday");
    cluster.run(3 * DAY_MILLIS);
    user.write(one, F, "on Monday");
    cluster.run(QUIET_MILLIS);
    end("on Monday");
  }

  /** Events wait for the end of a pause, and are no less old for that. */
  @Test
  void whatWasWrittenDuringAPauseDoesNotShowOverWhatWasWrittenLater() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, F, "before");
    settle();
    one.handle(new Event.PauseAsked(PAUSE));
    user.write(one, F, "on Friday");
    cluster.run(3 * DAY_MILLIS);
    user.write(two, F, "on Monday");
    cluster.run(QUIET_MILLIS);
    one.handle(new Event.ResumeAsked(RESUME));
    settle();
    assertAllShow("on Monday");
  }
}
