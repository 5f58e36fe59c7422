package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Group;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A peer tells again of a group that is over, or that arrived here, while another one is told. */
class RepeatedGroupsTest extends GroupScenario {
  private static final RelativePath ANOTHER = TOP.child("g");
  private static final Group LATER = Group.of(TOP, 2);

  private static Target directory() {
    Principal user = new Principal("u", 1);
    Attributes mode = new Attributes(EntryType.DIRECTORY, 0755, user, user, new TreeMap<>());
    return new Target(Entry.DIRECTORY, Instant.EPOCH, mode);
  }

  /** What came here as a whole and was told by now. */
  private Group arrivesHere() {
    step(new Event.MovedIn(TOP, Optional.empty()));
    step(new Event.Suspected(TOP, Cause.WATCH, false));
    step(new Event.Inspected(TOP, new Observation.Found(stamp(9), directory(), ChunkList.EMPTY)));
    return new Group(journal.record(TOP).orElseThrow().group());
  }

  @Test
  void waitsForNobodyToEndWhatArrivedHere() {
    merge();
    Group own = arrivesHere();
    assertFalse(own.isNone());
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);
    tellClosed(GROUP);

    tell(ANOTHER, file(SMALL + 1), own);
    mark();

    assertTrue(staging().containsAll(List.of(FILE, ANOTHER)));
  }

  @Test
  void waitsForNobodyToEndWhatItLetGo() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    mark();
    nowMillis += Groups.WAIT_MILLIS;
    step(new Event.Tick());
    stageAll();
    step(new Event.Exchanged(TOP, new Outcome.Placed(stamp(staged), directory())));
    tell(FILE, file(SMALL), LATER);
    tellClosed(LATER);
    effects.clear();

    tell(ANOTHER, file(SMALL + 1), GROUP);
    mark();

    assertEquals(List.of(TOP, FILE, ANOTHER), staging().stream().sorted().toList());
  }

  /** The directory came around another one that was gathered just then. */
  @Test
  void waitsForNobodyToEndWhatWasTakenForNoGroup() {
    merge();
    RelativePath inner = TOP.child("s");
    tell(inner, Entry.DIRECTORY, Group.of(inner, 3));
    tell(TOP, Entry.DIRECTORY, GROUP.closed());
    mark();
    stageAll();
    step(new Event.Exchanged(TOP, new Outcome.Placed(stamp(staged), directory())));
    nowMillis += Groups.WAIT_MILLIS;
    step(new Event.Tick());
    effects.clear();

    tell(ANOTHER, file(SMALL), GROUP);
    mark();

    assertEquals(List.of(ANOTHER), staging());
  }

  /** Each is whole before the next begins, and none is staged by then. */
  @Test
  void waitsNoLongerThanItsTimeForWhatIsReplacedAgainAndAgain() {
    merge();
    long since = nowMillis;
    for (int id = 1; nowMillis - since < Groups.WAIT_MILLIS + Groups.STAGING_MILLIS; id++) {
      Group each = Group.of(TOP, id);
      tell(TOP, Entry.DIRECTORY, each);
      tell(FILE, file(SMALL + id), each);
      tellClosed(each);
      mark();
      assertEquals(List.of(), placing());
      nowMillis += Groups.WAIT_MILLIS - 1;
      step(new Event.Tick());
    }

    stageAll();
    assertTrue(effects.stream().anyMatch(it -> it instanceof Effect.Exchange));
  }
}
