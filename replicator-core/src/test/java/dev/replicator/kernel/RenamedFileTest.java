package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Limits;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A large file that is renamed here, and one that a peer renamed. */
class RenamedFileTest extends GroupScenario {
  private static final long LARGE = Limits.MOVED_FILE_BYTES_MIN;
  private static final RelativePath OLD = RelativePath.of("old");
  private static final RelativePath NEW = RelativePath.of("new");
  private static final Group RENAMED = Group.of(NEW, 5);
  private static final Group LEFT = RENAMED.departure(OLD);

  /** A file that the peer wrote is here. */
  private void have(long size, int links) {
    merge();
    tell(OLD, file(size), Group.NONE);
    mark();
    Target target =
        effects.stream()
            .filter(Effect.Stage.class::isInstance)
            .map(effect -> ((Effect.Stage) effect).target())
            .findFirst()
            .orElseThrow();
    step(new Event.Staged(OLD, target, "h", stamp(101, 1, links)));
    step(new Event.Exchanged(OLD, new Outcome.Placed(stamp(101, 1, links), target)));
    effects.clear();
  }

  private static Stamp stamp(long inode, long ctime, int links) {
    return new Stamp(1, inode, LARGE, 1, ctime, 0100644, 1, 1, links);
  }

  private void tellRenamed() {
    tell(NEW, file(LARGE), RENAMED);
    tell(OLD, Entry.ABSENT, LEFT);
  }

  private List<RelativePath> members() {
    return placing().getFirst().members().stream().map(GroupMember::path).toList();
  }

  @Test
  void renamesAFileOnceBothNamesWereTold() {
    have(LARGE, 1);
    tell(NEW, file(LARGE), RENAMED);
    mark();
    assertEquals(List.of(), staging());
    assertEquals(List.of(), placing());

    tell(OLD, Entry.ABSENT, LEFT);
    mark();

    assertEquals(Optional.of(OLD), placing().getFirst().from());
    assertEquals(List.of(NEW, OLD), members());
    assertEquals(2, journal.intents().size());
    assertEquals(List.of(), staging());
  }

  @Test
  void believesInTheNewStampAndLooksOnceMore() {
    have(LARGE, 1);
    tellRenamed();
    mark();
    Effect.PlaceGroup move = placing().getFirst();
    TreeMap<RelativePath, Outcome> ended = new TreeMap<>();
    ended.put(OLD, new Outcome.MovedAway());
    ended.put(
        NEW, new Outcome.Placed(stamp(101, 2, 1), move.members().getFirst().intent().target()));
    effects.clear();

    step(new Event.GroupPlaced(NEW, new GroupOutcome.Placed(ended)));

    assertEquals(stamp(101, 2, 1), journal.materialised(NEW).orElseThrow().stamp());
    assertFalse(journal.materialised(OLD).orElseThrow().entry().isPresent());
    assertEquals(0, journal.intents().size());
    assertEquals(0, journal.pendingCount());
    assertEquals(List.of(NEW), looks());
    assertTrue(effects.stream().noneMatch(Effect.Scan.class::isInstance));
  }

  private List<RelativePath> looks() {
    return inspections().stream().map(Effect.Inspect::path).toList();
  }

  private List<Effect.Inspect> inspections() {
    return effects.stream()
        .filter(Effect.Inspect.class::isInstance)
        .map(Effect.Inspect.class::cast)
        .toList();
  }

  @Test
  void copiesAFileThatIsNotAsItShowsAtTheNewName() {
    have(LARGE, 1);
    tell(NEW, file(LARGE + 1), RENAMED);
    tell(OLD, Entry.ABSENT, LEFT);
    mark();

    assertEquals(List.of(), placing());
    assertEquals(List.of(NEW), staging());
  }

  @Test
  void copiesAFileThatHasSeveralNamesHere() {
    have(LARGE, 2);
    tellRenamed();
    mark();

    assertEquals(List.of(), placing());
    assertEquals(List.of(NEW), staging());
  }

  @Test
  void copiesASmallFileAtOnce() {
    have(LARGE - 1, 1);
    tell(NEW, file(LARGE - 1), RENAMED);
    mark();

    assertEquals(List.of(NEW), staging());
  }

  @Test
  void copiesAFileWhoseOldNameStays() {
    have(LARGE, 1);
    tell(NEW, file(LARGE), RENAMED);
    mark();
    assertEquals(List.of(), staging());

    tell(NEW, file(LARGE), new Group(RENAMED.closed().id()));
    mark();

    assertEquals(List.of(), placing());
    assertEquals(List.of(NEW), staging());
  }

  @Test
  void waitsNotLongForTheEndOfTheOldName() {
    have(LARGE, 1);
    tell(NEW, file(LARGE), RENAMED);
    mark();
    nowMillis += Groups.FILE_WAIT_MILLIS - 1;
    step(new Event.Tick());
    assertEquals(List.of(), staging());

    nowMillis++;
    step(new Event.Tick());

    assertEquals(List.of(NEW), staging());
  }

  @Test
  void waitsNoLongerForASecondFileOfThatName() {
    merge();
    tell(NEW, file(LARGE), RENAMED);
    mark();
    tell(NEW, file(LARGE + 1), Group.of(NEW, 6));
    mark();
    assertEquals(List.of(), staging());
    nowMillis += Groups.FILE_WAIT_MILLIS;

    step(new Event.Tick());

    assertEquals(List.of(NEW), staging());
  }

  @Test
  void copiesAFileThatWasNotAsExpected() {
    have(LARGE, 1);
    tellRenamed();
    mark();
    effects.clear();

    step(new Event.GroupPlaced(NEW, new GroupOutcome.NotPlaced(Problem.of(Problem.Kind.BUSY))));
    step(new Event.Inspected(NEW, new Observation.Gone()));

    assertEquals(List.of(NEW), staging());
    assertEquals(1, journal.intents().size());
  }

  private Group group(RelativePath path) {
    return new Group(journal.record(path).orElseThrow().group());
  }

  private void judge() {
    nowMillis += Deletions.QUIET_MILLIS;
    step(new Event.Tick());
    step(new Event.RootChecked(true, false));
  }

  /** A user of this node renames it. */
  private void rename() {
    step(new Event.Renamed(NEW, OLD));
    Effect.Inspect look =
        inspections().stream().filter(it -> it.path().equals(NEW)).findFirst().orElseThrow();
    assertTrue(look.renamed());
    assertEquals(stamp(101, 1, 1), look.expected().orElseThrow().stamp());
    effects.clear();
  }

  @Test
  void tellsOfARenameByTwoRecordsAndReadsTheFileAfterwards() {
    have(LARGE, 1);
    rename();

    step(new Event.Inspected(NEW, new Observation.Unchanged(stamp(101, 9, 1))));
    step(new Event.Inspected(OLD, new Observation.Gone()));
    judge();

    assertEquals(file(LARGE), journal.record(NEW).orElseThrow().record().visibleEntry());
    assertTrue(group(NEW).isLeftBy(group(OLD)));
    assertFalse(group(NEW).isClosed());
    assertEquals(Optional.of(OLD), group(OLD).top(OLD));
    assertTrue(inspections().stream().anyMatch(it -> it.path().equals(NEW) && it.reread()));
  }

  @Test
  void tellsThatItIsNoRenameWhenTheOldNameIsThereAgain() {
    have(LARGE, 1);
    rename();

    step(new Event.Inspected(NEW, new Observation.Unchanged(stamp(101, 9, 1))));
    Target other = new Target(file(LARGE + 2), Instant.EPOCH, attributes());
    step(new Event.Inspected(OLD, new Observation.Found(stamp(7, 7, 1), other, ChunkList.EMPTY)));
    Target same = journal.materialised(NEW).orElseThrow().actual();
    step(new Event.Inspected(NEW, new Observation.Found(stamp(101, 9, 1), same, ChunkList.EMPTY)));

    assertTrue(group(NEW).isClosed());
    assertTrue(group(OLD).isNone());
  }

  private Attributes attributes() {
    return journal.materialised(OLD).orElseThrow().actual().attributes();
  }

  @Test
  void takesAnotherFileForNoRename() {
    have(LARGE, 1);
    rename();
    Target other = new Target(file(LARGE + 2), Instant.EPOCH, attributes());

    step(new Event.Inspected(NEW, new Observation.Found(stamp(7, 7, 1), other, ChunkList.EMPTY)));
    step(new Event.Inspected(OLD, new Observation.Gone()));
    judge();

    assertTrue(group(NEW).isNone());
    assertTrue(group(OLD).isNone());
    assertFalse(journal.record(OLD).orElseThrow().record().visibleEntry().isPresent());
  }
}
