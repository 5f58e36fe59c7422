package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Digest;
import dev.replicator.model.Group;
import dev.replicator.model.Initial;
import dev.replicator.model.RelativePath;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a rule kept from this disk has nothing to find it by when the rule is taken back. */
class ChangedRulesTest extends GroupScenario {
  private static final RelativePath VIDEO = RelativePath.of("video");
  private static final Digest WITHOUT = file(1).digest();
  private static final Digest ALL = file(2).digest();

  private Replica replica(Digest rules, boolean excluding) {
    return new Replica(
        new Settings(
            node(1),
            (path, type) -> !excluding || !path.equals(VIDEO),
            rules,
            Initial.UNION,
            false,
            false),
        journal);
  }

  private void begin(Replica next) {
    replica = next;
    effects.clear();
    startDaemon();
    step(new Event.ScanEnded(1, true));
    connect(VersionVector.EMPTY);
  }

  private void tellOfVideoWhileItIsExcluded() {
    replica = replica(WITHOUT, true);
    start();
    mark();
    tell(VIDEO, file(SMALL), Group.NONE);
    mark();
    assertEquals(List.of(), staging());
  }

  /** It is told again by nobody: the peer knows that this node has its record. */
  private List<RelativePath> stagedAfter(Replica next) {
    begin(next);
    for (int ticks = 0; ticks < 3; ticks++) {
      nowMillis += GATE_MILLIS;
      step(new Event.Tick());
    }
    step(new Event.IdentityDrawn(values.identity()));
    return staging();
  }

  @Test
  void fetchesWhatARuleNoLongerExcludes() {
    tellOfVideoWhileItIsExcluded();
    assertEquals(List.of(), stagedAfter(replica(WITHOUT, true)));
    assertEquals(List.of(VIDEO), stagedAfter(replica(ALL, false)));
    assertEquals(Optional.of(ALL), root().rules());
  }

  /** Else who waits for a peer would hear that it has everything. */
  @Test
  void peersAreToldThatItMayLackAnythingUntilAllWasCompared() {
    tellOfVideoWhileItIsExcluded();
    begin(replica(ALL, false));
    assertEquals(1, lastFacts().more(), "nobody knows what");
    for (int ticks = 0; ticks < 3; ticks++) {
      nowMillis += GATE_MILLIS;
      step(new Event.Tick());
    }
    assertEquals(List.of(VIDEO), lastFacts().exceptions());
    assertEquals(0, lastFacts().more());
  }

  @Test
  void comparesNothingWhileTheRulesAreTheSame() {
    tellOfVideoWhileItIsExcluded();
    // As if nobody had ever told that they are others.
    assertEquals(List.of(), stagedAfter(replica(WITHOUT, false)));
  }
}
