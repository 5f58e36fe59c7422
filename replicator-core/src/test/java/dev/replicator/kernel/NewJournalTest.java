package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.Identity;
import dev.replicator.model.Message;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A peer comes with another journal than the one that is known, before anything was written. */
class NewJournalTest extends GroupScenario {
  private void startAgainAndMeetNewJournal(long held) {
    replica = replica(true);
    startDaemon();
    step(new Event.Connected(PEER));
    Sequence holds = new Sequence(root().identity().journal(), held);
    step(
        new Event.Received(
            PEER,
            new Message.Hello(
                values.identity(),
                VersionVector.EMPTY,
                Optional.of(holds),
                Optional.empty(),
                Optional.empty(),
                values.digest())));
  }

  /** It may have lost its own just now, and our journal be one of before the first session. */
  @Test
  void newJournalThatHoldsNothingDoesNotTellThatNothingIsForgotten() {
    merge();
    Identity before = root().identity();
    startAgainAndMeetNewJournal(0);
    assertNotEquals(before, root().identity());
  }

  @Test
  void newJournalThatHoldsWhatTheOneBeforeHeldTellsThatNothingIsForgotten() {
    merge();
    arrive();
    Identity before = root().identity();
    long told = root().nextNumber() - 1;
    step(new Event.Received(PEER, new Message.Acknowledgement(before.journal(), told, told)));
    startAgainAndMeetNewJournal(told);
    assertEquals(before, root().identity());
  }
}
