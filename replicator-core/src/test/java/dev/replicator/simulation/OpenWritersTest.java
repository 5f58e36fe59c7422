package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.Limits;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A version of a peer arrives where somebody has the file open for writing. */
class OpenWritersTest {
  /** A seed without slow operations: all arrives before a second has passed. */
  private static final long QUICK = 5;

  private static final long MOMENT = 300;
  private static final long YEAR_MILLIS = 365L * 24 * 60 * 60 * 1_000;
  private static final long WAIT_MILLIS = 2_000;
  private static final RelativePath F = RelativePath.of("f");

  private final SimulatedCluster cluster = new SimulatedCluster(QUICK, 2, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());

  @BeforeEach
  void begin() {
    cluster.nodes().forEach(cluster::start);
    user.write(one(), F, "old");
    cluster.settleAndApprove();
    assertTrue(user.open(one(), F));
  }

  private SimulatedNode one() {
    return cluster.node(0);
  }

  private SimulatedNode two() {
    return cluster.node(1);
  }

  private String shown() {
    return one().disk.find(F).map(Thing::text).orElse("nothing");
  }

  private void assertSpared() {
    assertEquals("old", shown());
    Pending pending = one().journal().pending(F).orElseThrow();
    assertEquals(Problem.Kind.BUSY, pending.problem().kind());
    assertEquals(
        "being written: here, by a program that has it open", pending.problem().toString());
  }

  private void assertQuiet() {
    assertFalse(one().journal().pending(F).isPresent());
    assertTrue(one().journal().intents().isEmpty());
    assertTrue(one().disk.staged().isEmpty(), () -> one().disk.staged().toString());
  }

  @Test
  void showsItOnceHeClosed() {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);
    assertSpared();

    user.close(one(), F);
    cluster.run(MOMENT);

    assertEquals("theirs", shown());
    assertQuiet();
  }

  @Test
  void showsItThoughHeNeverCloses() {
    user.write(two(), F, "theirs");
    cluster.run(WAIT_MILLIS - MOMENT);
    assertSpared();

    cluster.run(2 * MOMENT);

    assertEquals("theirs", shown());
    assertQuiet();
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR_MILLIS, YEAR_MILLIS})
  void showsItInTimeThoughSomebodySetsTheClock(long millis) {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);
    one().clock().step(millis);
    cluster.run(WAIT_MILLIS - 2 * MOMENT);
    assertSpared();

    cluster.run(2 * MOMENT);

    assertEquals("theirs", shown());
    assertQuiet();
  }

  @Test
  void showsTheNewestVersionNoLaterThanTheFirstWouldShow() {
    user.write(two(), F, "theirs");
    cluster.run(WAIT_MILLIS - MOMENT);
    user.write(two(), F, "theirs again");
    cluster.run(MOMENT / 2);
    assertSpared();

    cluster.run(2 * MOMENT);

    assertEquals("theirs again", shown());
    assertQuiet();
  }

  @Test
  void keepsWhatHeWroteBesideIt() {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);
    user.writeInPlace(one(), F, "his");
    user.close(one(), F);
    cluster.settleAndApprove();

    assertEquals(2, one().journal().record(F).orElseThrow().record().contents().size());
    assertEquals(shown(), two().disk.find(F).orElseThrow().text());
    assertQuiet();
  }

  @Test
  void removesTheFileAfterAWhile() {
    user.delete(two(), F);
    cluster.run(WAIT_MILLIS - MOMENT);
    assertSpared();

    cluster.run(3 * MOMENT);

    assertEquals("nothing", shown());
    assertQuiet();
  }

  @Test
  void givesUpWhatHeWroteHimself() {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);
    assertSpared();
    user.writeInPlace(one(), F, "theirs");
    cluster.run(MOMENT / 4);

    assertQuiet();
    user.close(one(), F);
    cluster.settleAndApprove();
    assertEquals("theirs", two().disk.find(F).orElseThrow().text());
  }

  @Test
  void givesUpWhatIsNotWantedAnyMore() {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);
    assertSpared();
    user.write(two(), F, "old");
    cluster.run(MOMENT);
    user.close(one(), F);
    cluster.settleAndApprove();

    assertEquals("old", shown());
    assertQuiet();
  }

  @Test
  void leavesNothingStagedAtAnEnd() {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);

    one().handle(new Event.StopAsked(1));
    cluster.run(WAIT_MILLIS / 2);

    assertTrue(one().answers.containsKey(1L));
    assertTrue(one().journal().intents().isEmpty());
    assertTrue(one().disk.staged().isEmpty());
  }

  @Test
  void beginsAnewAfterACrash() {
    user.write(two(), F, "theirs");
    cluster.run(MOMENT);
    assertFalse(one().journal().intents().isEmpty());
    one().kill();
    cluster.start(one());
    user.close(one(), F);
    cluster.settleAndApprove();

    assertEquals("theirs", shown());
    assertQuiet();
  }

  @Test
  void waitsForNoMoreWritersThanItCanFollow() {
    int most = Limits.WRITERS_AWAITED_MAX + Limits.PATHS_IN_FLIGHT_MAX;
    int files = most + 10;
    for (int number = 0; number < files; number++) {
      user.write(one(), RelativePath.of("f" + number), "old");
    }
    cluster.settleAndApprove();
    for (int number = 0; number < files; number++) {
      user.open(one(), RelativePath.of("f" + number));
      user.write(two(), RelativePath.of("f" + number), "theirs");
    }
    cluster.run(WAIT_MILLIS - MOMENT);
    assertTrue(one().journal().pendingCount() >= Limits.WRITERS_AWAITED_MAX);
    assertTrue(one().journal().pendingCount() <= most);

    cluster.settleAndApprove();
    assertEquals(0, one().journal().pendingCount());
  }
}
