package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Change;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A sync vouches for what was merged before it began, of the journal that this was merged from. */
class SyncedJournalTest extends GroupScenario {
  private static final long SECOND_MILLIS = 1_000;

  /** The peer lost its journal, and has one write under the next. */
  private void comesWithAnotherJournal(Identity born) {
    step(new Event.Disconnected(PEER));
    step(new Event.Connected(PEER));
    step(
        new Event.Received(
            PEER,
            new Message.Hello(
                born,
                VersionVector.EMPTY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                values.digest())));
    Dot dot = new Dot(born.replica(), 1);
    Element<Entry> element = new Element<>(dot, Entry.DIRECTORY, 1, 1, true, new TreeSet<>());
    Record record =
        new Record(
            VersionVector.of(dot), Siblings.of(List.of(element)), Siblings.none(), Siblings.none());
    List<Change> changes = List.of(new Change(1, RelativePath.of("y"), record, 0));
    Optional<VersionVector> mark = Optional.of(VersionVector.of(dot));
    step(
        new Event.Received(
            PEER, new Message.Changes(born.journal(), 0, 1, changes, List.of(), mark)));
    tellWhatWasMerged();
  }

  private void tellWhatWasMerged() {
    step(new Event.Tick());
    nowMillis += 10;
    step(new Event.Tick());
  }

  private Message.Acknowledgement lastAcknowledgement(JournalId journal) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).message())
        .filter(Message.Acknowledgement.class::isInstance)
        .map(Message.Acknowledgement.class::cast)
        .filter(told -> told.journal().equals(journal))
        .toList()
        .getLast();
  }

  /** The number of the new one is below that of the old one, which was merged by then. */
  @Test
  void syncThatBeganBeforeAPeerCameWithAnotherJournalVouchesForNothingOfThat() {
    Identity born =
        new Identity(
            values.identity().replica(),
            theirs.journal().bornAt(theirs.journal().bornMillis() + SECOND_MILLIS));
    merge();
    arrive();
    tellWhatWasMerged();
    step(new Event.Synced(nowMillis));
    nowMillis += SECOND_MILLIS;
    step(new Event.Tick());
    assertEquals(Effect.Sync.class, effects.getLast().getClass());
    comesWithAnotherJournal(born);
    assertEquals(
        new Message.Acknowledgement(born.journal(), 1, 0), lastAcknowledgement(born.journal()));
    step(new Event.Synced(nowMillis));
    assertEquals(0, lastAcknowledgement(born.journal()).durable());
    nowMillis += SECOND_MILLIS;
    step(new Event.Tick());
    step(new Event.Synced(nowMillis));
    assertEquals(1, lastAcknowledgement(born.journal()).durable());
  }
}
