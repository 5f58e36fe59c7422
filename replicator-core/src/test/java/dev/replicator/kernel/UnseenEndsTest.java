package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The root is not there at a start, and the crash before it was in the middle of an apply. */
class UnseenEndsTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final Principal USER = new Principal("www-data", 33);
  private static final Target TEXT =
      new Target(
          new Entry.File(Digest.of(new byte[32]), 1),
          Instant.EPOCH,
          new Attributes(EntryType.FILE, 0644, USER, USER));
  private static final Stamp STAGED = stamp(7, 1);

  private final Health health = new Health();
  private final UnseenEnds ends = new UnseenEnds();

  private static Stamp stamp(long inode, long changed) {
    return new Stamp(1, inode, 1, 1, changed, 0100644, 33, 33, 1);
  }

  private Intent wait(Target target) {
    Optional<Stamp> staged = target.equals(TEXT) ? Optional.of(STAGED) : Optional.empty();
    Intent intent = new Intent(Optional.empty(), target, Knowledge.NONE, staged, "1-1");
    health.lost("not mounted");
    assertTrue(ends.wait(new Settled.Unclear(F, intent), health));
    return intent;
  }

  private static Observation.Found found(Stamp stamp) {
    return new Observation.Found(stamp, TEXT, ChunkList.EMPTY);
  }

  @Test
  void whatWasStagedAndStandsUnderItsNameWasPut() {
    Intent intent = wait(TEXT);

    Stamp put = stamp(STAGED.inode(), 2);
    assertEquals(Optional.of(new Settled.Applied(F, intent, put, TEXT)), ends.seen(F, found(put)));
    assertEquals(Optional.empty(), ends.seen(F, found(put)));
  }

  /** Only the ctime, which the exchange changed, and the text tell of it. */
  @Test
  void whatWasWrittenToSinceWithItsSizeAndTimeIsNotWhatWasPut() {
    Intent intent = wait(TEXT);

    byte[] other = new byte[32];
    other[0] = 1;
    Target written =
        new Target(new Entry.File(Digest.of(other), 1), Instant.EPOCH, TEXT.attributes());
    Observation look = new Observation.Found(stamp(STAGED.inode(), 2), written, ChunkList.EMPTY);
    assertEquals(Optional.of(new Settled.Applied(F, intent, STAGED, TEXT)), ends.seen(F, look));
  }

  @Test
  void somethingElseIsSomebodysWrite() {
    Intent intent = wait(TEXT);

    assertEquals(Optional.of(new Settled.Unclear(F, intent)), ends.seen(F, found(stamp(8, 1))));
  }

  @Test
  void whatIsGoneWasRemovedOnlyIfThatWasToBe() {
    Intent put = wait(TEXT);
    assertEquals(Optional.of(new Settled.Unclear(F, put)), ends.seen(F, new Observation.Gone()));

    Intent removal = wait(Target.ABSENT);
    assertEquals(
        Optional.of(new Settled.Applied(F, removal, Suspects.NO_STAMP, Target.ABSENT)),
        ends.seen(F, new Observation.Gone()));
  }

  @Test
  void waitsForALookThatTells() {
    Intent intent = wait(Target.ABSENT);

    Problem busy = Problem.of(Problem.Kind.WAITING);
    assertEquals(Optional.empty(), ends.seen(F, new Observation.Unsettled(1)));
    assertEquals(Optional.empty(), ends.seen(F, new Observation.Unreadable(busy)));
    assertEquals(
        Optional.of(new Settled.NotApplied(F, intent)),
        ends.seen(F, new Observation.Unchanged(STAGED)));
  }

  @Test
  void whereTheRootIsThereNothingWaits() {
    Intent intent = new Intent(Optional.empty(), TEXT, Knowledge.NONE, Optional.empty(), "");

    assertFalse(ends.wait(new Settled.Unclear(F, intent), health));
    assertEquals(Optional.empty(), ends.seen(F, new Observation.Gone()));
  }
}
