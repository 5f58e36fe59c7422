package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How old the oldest write is that a peer does not show, by what it tells. */
class LagTest extends GroupScenario {
  private static final RelativePath ONE = RelativePath.of("m");
  private static final RelativePath EARLIER = RelativePath.of("a");
  private static final RelativePath LATER = RelativePath.of("z");
  private static final long AGE_MILLIS = 7_000;

  private long version;

  @BeforeEach
  void write() {
    start();
    mark();
    step(new Event.ScanEnded(lastScan().scan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    write(ONE, 9);
    nowMillis += AGE_MILLIS;
  }

  private void write(RelativePath path, long inode) {
    step(new Event.Suspected(path, Cause.WATCH, false));
    read(path, inode);
  }

  private long lagWhen(List<RelativePath> exceptions, long more) {
    version++;
    Message.Facts facts =
        new Message.Facts(
            PEER, theirs.journal(), version, root().clock(), exceptions, more, false, 1, 0);
    step(new Event.Received(PEER, facts));
    return replica.peer(PEER, nowMillis).lagMillis().orElseThrow();
  }

  @Test
  void isNothingWhenAllIsShown() {
    assertEquals(0, lagWhen(List.of(), 0));
  }

  @Test
  void isTheAgeOfWhatIsPendingThere() {
    assertEquals(AGE_MILLIS, lagWhen(List.of(ONE), 0));
    assertEquals(0, lagWhen(List.of(LATER), 0));
  }

  /** A peer lists the first of thousands that are pending, by their names. */
  @Test
  void ofWhatMayBeAmongThoseThatAreNotListedIsThatOfWhatIsPending() {
    assertEquals(AGE_MILLIS, lagWhen(List.of(EARLIER), 17_000));
    assertEquals(AGE_MILLIS, lagWhen(List.of(), 1));
  }

  @Test
  void ofWhatComesBeforeTheLastThatIsListedIsKnown() {
    assertEquals(0, lagWhen(List.of(LATER), 17_000));
  }

  /** Of the last 4,096 each is remembered, of all others together how long they wait. */
  @Test
  void ofMoreThanAreRememberedIsTheAgeOfTheFirstForWhichThereWasNoRoom() {
    for (int number = 0; number < 5_000; number++) {
      write(RelativePath.of("b" + number), 100 + number);
    }
    nowMillis += AGE_MILLIS;
    assertEquals(AGE_MILLIS, lagWhen(List.of(LATER), 900));
    assertEquals(0, lagWhen(List.of(), 0));
  }

  /** One that is away keeps the first of them for itself: who is here lacks only the last. */
  @Test
  void ofAPeerThatShowedAllBeforeItIsTheAgeOfWhatCameSince() {
    for (int number = 0; number < 5_000; number++) {
      write(RelativePath.of("b" + number), 100 + number);
    }
    assertEquals(0, lagWhen(List.of(), 0));
    nowMillis += 10 * AGE_MILLIS;
    for (int number = 0; number < 5_000; number++) {
      write(RelativePath.of("c" + number), 10_000 + number);
    }
    nowMillis += 5;
    assertEquals(5, replica.peer(PEER, nowMillis).lagMillis().orElseThrow());
  }
}
