package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A peer comes back with a journal that it had before the one that it was met with last. */
class FormerJournalTest extends GroupScenario {
  private Message.Hello greeting() {
    step(new Event.Disconnected(PEER));
    effects.clear();
    step(new Event.Connected(PEER));
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).message())
        .filter(Message.Hello.class::isInstance)
        .map(Message.Hello.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private Message.Hello hello(JournalId journal) {
    return new Message.Hello(
        new Identity(values.identity().replica(), journal),
        VersionVector.EMPTY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        values.digest());
  }

  /** 14036053: the session in which it would have read that ended before, and nobody knew it. */
  @Test
  void itIsToldOfTheLaterOneUntilItComesWithOneThatIsLaterStill() {
    merge();
    JournalId known = theirs.journal();
    step(new Event.Disconnected(PEER));
    step(new Event.Connected(PEER));
    step(new Event.Received(PEER, hello(known.bornAt(known.bornMillis() - 1))));
    assertEquals(Optional.of(known), greeting().holds().map(Sequence::journal));

    JournalId later = known.bornAt(known.bornMillis() + 1);
    step(new Event.Received(PEER, hello(later)));
    assertEquals(Optional.of(later), greeting().holds().map(Sequence::journal));
  }
}
