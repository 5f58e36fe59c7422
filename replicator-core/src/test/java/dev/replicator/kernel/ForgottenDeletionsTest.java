package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import org.junit.jupiter.api.Test;

/** When a deletion that everybody knows is forgotten. */
class ForgottenDeletionsTest extends GroupScenario {
  private static final long PAUSE_MILLIS = 2_000;

  private void pass() {
    nowMillis += PAUSE_MILLIS;
    step(new Event.Tick());
  }

  @Test
  void deletionThatWasDurableBeforeItsMarkCameIsForgottenAfterThat() {
    merge();
    tell(FILE, Entry.ABSENT, Group.NONE);
    sendUnmarked();
    step(new Event.Inspected(FILE, new Observation.Gone()));
    pass();
    long last = journal.record(FILE).orElseThrow().number();
    step(
        new Event.Received(
            PEER,
            new Message.Acknowledgement(
                journal.root().orElseThrow().identity().journal(), last, last)));
    pass();
    assertTrue(journal.record(FILE).isPresent());

    mark();
    pass();

    assertTrue(journal.record(FILE).isEmpty());
  }
}
