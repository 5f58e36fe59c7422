package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the clock of a machine by a year: nothing waits for it. */
class ClockStepTest {
  private static final long YEAR = 365L * 24 * 60 * 60 * 1_000;
  private static final RelativePath F = RelativePath.of("f");
  private static final RelativePath G = RelativePath.of("g");
  private static final long SOON = 5_000;
  private static final long MOMENT = 2_000;
  private static final long TIMEOUT = 2_000;
  private static final long BARRIER = 1;

  private final SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);

  @BeforeEach
  void begin() {
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    user.write(one, F, "before");
    user.write(one, G, "before");
    user.write(one, RelativePath.of("stays"), "before");
    cluster.settleAndApprove();
  }

  private void step(long millis) {
    one.clock().step(millis);
    two.clock().step(millis);
  }

  private static String text(SimulatedNode node, RelativePath path) {
    return node.disk.find(path).map(Thing::text).orElse("nothing");
  }

  private static RootState root(SimulatedNode node) {
    return node.journal().root().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void changesArriveAndAreSyncedAndAcknowledged(long millis) {
    step(millis);
    user.write(one, F, "after");
    cluster.run(SOON);

    assertEquals("after", text(two, F));
    PeerProgress known = Optional.ofNullable(one.journal().peers().get(two.id)).orElseThrow();
    assertEquals(root(one).nextNumber() - 1, known.durable());
    assertTrue(one.replica().shows(two.id, F), "two told what it shows");
  }

  /** The writer's clock orders nothing that its journal orders: the later write stays the later. */
  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void laterWritesStand(long millis) {
    for (int round = 0; round < 4; round++) {
      step(round % 2 == 0 ? millis : -millis);
      SimulatedNode writer = round % 2 == 0 ? one : two;
      user.write(writer, F, "round " + round);
      cluster.run(SOON);
      assertEquals("round " + round, text(one, F));
      assertEquals("round " + round, text(two, F));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void deletionsAreJudged(long millis) {
    user.delete(one, F);
    step(millis);
    cluster.run(SOON);
    assertEquals("nothing", text(two, F));

    one.disk.remove(G);
    one.handle(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    cluster.run(100);
    step(millis);
    cluster.run(SOON);
    assertEquals("nothing", text(two, G));
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void whatFailedIsTriedAgain(long millis) {
    two.disk.refuse(F);
    user.write(one, F, "after");
    cluster.run(60_000);
    assertTrue(two.journal().pending(F).orElseThrow().tries() > 3, "it rests between tries");
    two.disk.accept(F);
    step(millis);
    cluster.run(3 * SOON);

    assertEquals("after", text(two, F));
    assertTrue(two.journal().pending(F).isEmpty());
  }

  /** Its clock is put right before the first look, or not at all: its files go over nobody's. */
  @ParameterizedTest
  @ValueSource(longs = {0, YEAR})
  void staleTreeOfWhoLostItsJournalAndItsTimeIsFoundAndNotWritten(long putRightMillis) {
    one.kill();
    user.write(two, F, "after");
    user.delete(two, G);
    cluster.run(SOON);
    one.restore(new FakeJournal());
    one.clock().step(-YEAR);
    cluster.start(one);
    one.clock().step(putRightMillis);
    cluster.settleAndApprove();

    assertEquals("after", text(one, F));
    assertEquals("after", text(two, F));
    assertTrue(two.replica().conflicts().isEmpty(), "nobody wrote what was found");
  }

  /**
   * What is written while the clock is right is no find because the clock had been wrong before.
   */
  @Test
  void writesAfterTheClockWasPutRightStand() {
    one.kill();
    one.restore(new FakeJournal());
    one.clock().step(-YEAR);
    cluster.start(one);
    one.clock().step(YEAR);
    cluster.run(100);
    user.write(one, F, "after");
    cluster.settleAndApprove();

    assertEquals("after", text(two, F));
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void barriersEndInTheirTimeAndNotBefore(long millis) {
    cluster.link(one, two).cut();
    user.write(one, F, "unseen");
    one.handle(new Event.BarrierAsked(BARRIER, F, OptionalInt.empty(), TIMEOUT));
    cluster.run(TIMEOUT / 2);
    step(millis);
    cluster.run(TIMEOUT / 4);
    assertTrue(one.answers.isEmpty(), "a peer may still come");
    cluster.run(TIMEOUT);

    Answer.Barrier barrier =
        (Answer.Barrier) Optional.ofNullable(one.answers.get(BARRIER)).orElseThrow();
    assertEquals(Answer.BarrierEnd.PEER_OFFLINE, barrier.end());
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void nodeThatStartsAloneWrites(long millis) {
    one.kill();
    two.kill();
    cluster.start(one);
    one.clock().step(millis);
    user.write(one, F, "alone");
    cluster.run(SOON);

    assertEquals(Thing.file("alone"), one.journal().materialised(F).orElseThrow().entry());
  }

  /** What is put after a step back has earlier stamps: after a crash they must not be believed. */
  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void nothingIsTakenForSyncedThatIsYoungerThanTheLastSync(long millis) {
    step(millis);
    cluster.run(SOON);
    user.write(one, F, "synced");
    cluster.run(SOON);
    two.syncs().stall();
    step(-millis);
    long steppedMillis = two.nowMillis();
    user.write(one, F, "torn");
    cluster.run(MOMENT);

    assertEquals("torn", text(two, F));
    assertTrue(root(two).checkpointMillis() <= steppedMillis);
  }

  /** The sync began by the old clock, and what is put while it runs has stamps of the new one. */
  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR, -1_000})
  void syncThatTheClockIsSetInVouchesForNothingThatCameAfterItBegan(long millis) {
    SlowSync sync = new SlowSync(two);
    user.write(one, G, "being synced");
    cluster.run(2_000);
    sync.requireRunning();
    step(millis);
    long steppedMillis = two.nowMillis();
    user.write(one, F, "not synced");
    cluster.run(MOMENT);
    assertEquals("not synced", text(two, F));
    sync.end();
    cluster.run(MOMENT);

    assertTrue(root(two).checkpointMillis() <= steppedMillis);
    assertTrue(root(two).checkpointMillis() <= sync.beganMillis());
  }

  /** Syncs of a node whose end the test tells. */
  private record SlowSync(SimulatedNode node) {
    SlowSync {
      node.syncs().stall();
    }

    void requireRunning() {
      assertTrue(!node.syncs().started().isEmpty(), "a sync runs");
    }

    long beganMillis() {
      return node.syncs().started().getLast();
    }

    void end() {
      node.handle(new Event.Synced(beganMillis()));
      node.handle(new Event.Told(beganMillis()));
    }
  }
}
