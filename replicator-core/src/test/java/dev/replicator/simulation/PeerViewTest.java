package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.kernel.PeerView;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of a peer that is away. */
class PeerViewTest {
  private static final RelativePath FILE = RelativePath.of("file");
  private static final long LATER_MILLIS = 7_000;

  private final SimulatedCluster cluster = new SimulatedCluster(7, 2, true);
  private final SimulatedNode here = cluster.node(0);
  private final SimulatedNode away = cluster.node(1);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());

  @BeforeEach
  void bothShowTheSameAndOneGoes() {
    user.write(here, FILE, "text");
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    cluster.link(here, away).cut();
    cluster.run(LATER_MILLIS);
  }

  private PeerView now() {
    return here.replica().peer(away.id, here.steadyMillis());
  }

  @Test
  void itLacksNothingWhenItToldThatItHasAll() {
    assertFalse(now().connected());
    assertEquals(0, now().behind());
    assertEquals(0, now().lagMillis().orElseThrow());
  }

  @Test
  void itLacksWhatIsWrittenMeanwhile() {
    user.write(here, FILE, "another text");
    cluster.run(LATER_MILLIS);
    assertTrue(now().behind() > 0, () -> now().toString());

    cluster.link(here, away).heal();
    cluster.settleAndApprove();
    assertEquals(0, now().behind());
    assertEquals(0, now().lagMillis().orElseThrow());
  }

  @Test
  void itTellsThatItIsPausedAndThatItGoesOn() {
    cluster.link(here, away).heal();
    cluster.settleAndApprove();
    assertFalse(now().paused());

    away.handle(new Event.PauseAsked(1));
    cluster.run(LATER_MILLIS);
    assertTrue(now().paused());
    cluster.link(here, away).cut();
    cluster.run(LATER_MILLIS);
    assertTrue(now().paused());

    away.handle(new Event.ResumeAsked(2));
    cluster.link(here, away).heal();
    cluster.settleAndApprove();
    assertFalse(now().paused());
  }

  @Test
  void itsLagGrowsWhileNothingHappensHere() {
    user.write(here, FILE, "another text");
    cluster.run(LATER_MILLIS);
    long steady = here.steadyMillis();
    long lag = here.replica().peer(away.id, steady).lagMillis().orElseThrow();
    assertTrue(lag > 0);
    assertEquals(
        lag + LATER_MILLIS,
        here.replica().peer(away.id, steady + LATER_MILLIS).lagMillis().orElseThrow());
  }

  @Test
  void afterAStartItsLagIsNotKnownAndWhatItLacksIs() {
    user.write(here, FILE, "another text");
    cluster.run(LATER_MILLIS);
    here.kill();
    cluster.start(here);
    cluster.run(LATER_MILLIS);

    assertTrue(now().lagMillis().isEmpty(), () -> now().toString());
    assertTrue(now().behind() > 0, () -> now().toString());
  }

  /** As a node that came in the place of a dead one: others tell it what that one showed. */
  @Test
  void ofOneThatWasNeverMetNoLagIsTold() {
    SimulatedCluster three = new SimulatedCluster(8, 3, true);
    SimulatedNode young = three.node(0);
    SimulatedNode dead = three.node(2);
    three.link(young, dead).cut();
    three.nodes().forEach(three::start);
    three.run(LATER_MILLIS);
    dead.kill();
    three.run(LATER_MILLIS);

    PeerView told = young.replica().peer(dead.id, young.steadyMillis());
    assertTrue(told.lagMillis().isEmpty(), () -> told.toString());
    PeerView met = young.replica().peer(three.node(1).id, young.steadyMillis());
    assertEquals(0, met.lagMillis().orElseThrow());
  }
}
