package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import dev.replicator.simulation.Values;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a peer is not told because its clock covers it. */
class LivePeerTest {
  private final Values values = new Values(new SplittableRandom(1));
  private final Dot dot = new Dot(values.identity().replica(), 1);

  private boolean isSpared(Element<Entry> element) {
    VersionVector clock = VersionVector.of(dot);
    LivePeer peer = new LivePeer(values.identity(), true, true, clock, 0, 0, 0);
    Record record =
        new Record(clock, Siblings.of(List.of(element)), Siblings.none(), Siblings.none());
    return peer.isSpared(new RecordState(record, 1, Optional.empty(), 0, List.of()));
  }

  private Element<Entry> element(int preference, boolean adopted) {
    return new Element<>(dot, Entry.DIRECTORY, 1, preference, adopted, new TreeSet<>());
  }

  @Test
  void whatSomebodyWroteIsNotToldToWhoseClockCoversIt() {
    assertTrue(isSpared(element(Element.PREFERENCE_DEFAULT, false)));
  }

  @Test
  void whatWasAdoptedIsToldAllTheSame() {
    assertFalse(isSpared(element(Element.PREFERENCE_DEFAULT, true)));
  }

  @Test
  void soIsWhatWasAdoptedWithoutAFlagForItIsPreferred() {
    assertFalse(isSpared(element(Element.PREFERENCE_MINE, false)));
  }
}
