package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import dev.replicator.model.Sequence;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A copy of this machine was started, and its peer met that one meanwhile. */
class CopiesTest extends GroupScenario {
  private static final Attributes MODE = BusyFileTest.MODE;

  private void write(long size) {
    step(new Event.Suspected(FILE, Cause.WATCH, false));
    Stamp stamp = new Stamp(1, 9, size, size, size, 0100644, 0, 0, 1);
    Target actual = new Target(file(size), Instant.ofEpochSecond(size), MODE);
    step(new Event.Inspected(FILE, new Observation.Found(stamp, actual, ChunkList.EMPTY)));
  }

  /** It was sent all that there was; twice something was written since it is away. */
  private long sentBeforeTwoWrites() {
    merge();
    write(1);
    long sent = last();
    step(new Event.Disconnected(PEER));
    write(2);
    write(3);
    assertEquals(sent + 2, last());
    return sent;
  }

  private long last() {
    return root().nextNumber() - 1;
  }

  /** The peer comes back, and holds so much of this journal. */
  private void meet(long held) {
    step(new Event.Connected(PEER));
    var holds = Optional.of(new Sequence(root().identity().journal(), held));
    step(
        new Event.Received(
            PEER,
            new Message.Hello(
                theirs,
                VersionVector.EMPTY,
                holds,
                Optional.empty(),
                Optional.empty(),
                values.digest())));
  }

  private long abandoned() {
    return effects.stream().filter(Effect.Abandon.class::isInstance).count();
  }

  @Test
  void journalIsAbandonedWhenAPeerHoldsMoreOfItThanItWasSent() {
    meet(sentBeforeTwoWrites() + 1);
    assertEquals(1, abandoned());
  }

  @Test
  void peerMayHoldAllThatItWasSent() {
    meet(sentBeforeTwoWrites());
    assertEquals(0, abandoned());
  }

  /** It may have merged it, and lost it since, and have it again from a backup. */
  @Test
  void alsoInASessionBeforeTheLastOne() {
    long sent = sentBeforeTwoWrites();
    meet(0);
    step(new Event.Disconnected(PEER));
    meet(sent);
    assertEquals(0, abandoned());
  }
}
