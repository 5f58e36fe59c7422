package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Group;
import dev.replicator.model.GroupMember;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a node makes of a directory that arrived whole on a peer. */
class GroupsTest extends GroupScenario {
  private static final Principal USER = new Principal("www-data", 33);

  @Test
  void putsADirectoryWholeOnceAllWasToldAndStaged() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);
    mark();
    assertEquals(List.of(), staging());
    tellClosed(GROUP);
    sendUnmarked();
    assertEquals(List.of(), staging());

    mark();
    assertEquals(List.of(TOP, FILE), staging());
    stageAll();

    assertEquals(List.of(TOP, FILE), members(placing()));
    assertEquals(2, journal.intents().size());
    assertEquals("s1", journal.intent(TOP).orElseThrow().stagedName());
  }

  private static List<RelativePath> members(List<Effect.PlaceGroup> placing) {
    return placing.stream()
        .flatMap(place -> place.members().stream())
        .map(GroupMember::path)
        .toList();
  }

  /** Each member of the first group is there. */
  private GroupOutcome allPlaced() {
    Map<RelativePath, Outcome> there = new TreeMap<>();
    placing()
        .getFirst()
        .members()
        .forEach(member -> there.put(member.path(), placed(member, there.size() + 1)));
    return new GroupOutcome.Placed(there);
  }

  private Outcome.Placed placed(GroupMember member, long inode) {
    return new Outcome.Placed(stamp(inode), member.intent().target());
  }

  @Test
  void journalsAllMembersOnceTheyAreThere() {
    merge();
    arrive();
    stageAll();
    GroupOutcome there = allPlaced();
    effects.clear();

    step(new Event.GroupPlaced(TOP, there));

    assertEquals(0, journal.intents().size());
    assertEquals(stamp(2), journal.materialised(FILE).orElseThrow().stamp());
    assertEquals(0, journal.pendingCount());
    long put =
        effects.stream()
            .filter(Effect.Append.class::isInstance)
            .flatMap(effect -> ((Effect.Append) effect).writes().stream())
            .filter(JournalWrite.PutMaterialised.class::isInstance)
            .count();
    assertEquals(2, put);
    assertEquals(List.of(), staging());
  }

  @Test
  void tellsOnThatAllOfItWasToldThoughTheDirectoryIsNoNews() {
    merge();
    tell(TOP, Entry.DIRECTORY, Group.NONE);
    mark();

    tell(FILE, file(SMALL), GROUP);
    tellClosed(GROUP);
    mark();

    assertEquals(GROUP.closed().id(), journal.record(TOP).orElseThrow().group());
  }

  /** Its sender hears what was written here, though he was the one to say that all was told. */
  @Test
  void whatIsWrittenHereBeforeAGroupIsClosedIsToldToItsSender() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);
    sendUnmarked();
    Attributes changed = new Attributes(EntryType.DIRECTORY, 0700, USER, USER, new TreeMap<>());
    Target there = new Target(Entry.DIRECTORY, Instant.EPOCH, changed);
    step(new Event.Suspected(TOP, Cause.WATCH, false));
    step(new Event.Inspected(TOP, new Observation.Found(stamp(9), there, ChunkList.EMPTY)));

    tellClosed(GROUP);
    mark();
    assertEquals(GROUP.closed().id(), journal.record(TOP).orElseThrow().group());
    assertEquals(Optional.empty(), journal.record(TOP).orElseThrow().sender());
  }

  @Test
  void looksAtNoMemberWhileTheyArePut() {
    merge();
    arrive();
    stageAll();
    effects.clear();

    step(new Event.Suspected(FILE, Cause.WATCH, false));

    assertTrue(effects.stream().noneMatch(Effect.Inspect.class::isInstance));
  }

  @Test
  void putsTheNewestVersionOfWhatChangedMeanwhile() {
    merge();
    arrive();
    tell(FILE, file(SMALL + 1), Group.NONE);
    RelativePath more = TOP.child("more");
    tell(more, file(SMALL), Group.NONE);
    mark();
    stageAll();

    assertEquals(List.of(), placing());
    assertEquals(List.of("s2"), discarded());
    assertEquals(List.of(FILE, more), staging());
    stageAll();

    assertEquals(List.of(TOP, FILE, more), members(placing()));
    assertEquals(file(SMALL + 1), placing().getFirst().members().get(1).intent().target().entry());
  }

  @Test
  void putsEachPathByItselfWhenTheNameIsTaken() {
    merge();
    arrive();
    stageAll();
    effects.clear();

    Problem taken = new Problem(Problem.Kind.BUSY, "its name is taken");
    step(new Event.GroupPlaced(TOP, new GroupOutcome.NotPlaced(taken)));

    assertEquals(0, journal.intents().size());
    assertTrue(
        effects.stream()
            .anyMatch(effect -> effect instanceof Effect.Inspect look && look.path().equals(TOP)));
    step(new Event.Inspected(TOP, new Observation.Gone()));
    assertEquals(List.of(TOP), staging());
  }

  @Test
  void putsEachPathByItselfWhenOneCannotBeStaged() {
    merge();
    arrive();
    effects.clear();

    step(new Event.StageFailed(FILE, new Problem(Problem.Kind.NAME_TOO_LONG, "")));
    Target top = journal.record(TOP).map(stored -> directory()).orElseThrow();
    step(new Event.Staged(TOP, top, "s1", stamp(1)));

    assertEquals(List.of(), placing());
    assertTrue(
        effects.stream()
            .anyMatch(effect -> effect instanceof Effect.Exchange put && put.path().equals(TOP)));
  }

  private static Target directory() {
    Attributes untold = new Attributes(EntryType.DIRECTORY, 0755, Showing.ANYBODY, Showing.ANYBODY);
    return new Target(Entry.DIRECTORY, Instant.EPOCH, untold);
  }

  @Test
  void asksAgainForAContentThatNobodyHasYet() {
    merge();
    arrive();
    effects.clear();

    step(new Event.StageFailed(FILE, Problem.of(Problem.Kind.CONTENT_MISSING)));
    assertEquals(List.of(), staging());
    nowMillis += 1_000;
    step(new Event.Tick());

    assertEquals(List.of(FILE), staging());
  }

  @Test
  void waitsNoLongerThanItsTimeForTheEnd() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);
    mark();
    nowMillis += Groups.WAIT_MILLIS - 1;
    step(new Event.Tick());
    assertEquals(List.of(), staging());

    nowMillis++;
    step(new Event.Tick());
    assertEquals(List.of(TOP), staging());

    tell(TOP.child("late"), file(SMALL), GROUP);
    tellClosed(GROUP);
    mark();
    assertEquals(List.of(TOP), staging());
  }

  /** As a release is switched: what was there moves away, and a link to it takes its name. */
  @Test
  void waitsForNothingWhenALinkTookItsPlace() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    mark();
    assertEquals(List.of(), staging());

    tell(TOP, new Entry.Symlink(Bytes.of(new byte[] {'x'})), Group.NONE);
    mark();

    assertEquals(List.of(TOP), staging());
  }

  @Test
  void waitsNoLongerThanItsTimeForContents() {
    merge();
    arrive();
    step(new Event.StageFailed(FILE, Problem.of(Problem.Kind.CONTENT_MISSING)));
    step(new Event.Staged(TOP, directory(), "s1", stamp(1)));
    effects.clear();

    nowMillis += Groups.STAGING_MILLIS;
    step(new Event.Tick());

    assertEquals(List.of("s1"), discarded());
    assertTrue(staging().contains(TOP));
    assertEquals(List.of(), placing());
  }

  @Test
  void holdsNothingInAFirstMerge() {
    start();
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);
    effects.clear();

    mark();

    assertEquals(List.of(TOP), staging());
  }

  @Test
  void holdsNothingWhereTheTreeCannotPutItWhole() {
    replica = replica(false);
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);

    mark();

    assertEquals(List.of(TOP), staging());
  }

  /** A directory with a file that is here. */
  private void have(RelativePath file) {
    merge();
    tell(TOP, Entry.DIRECTORY, Group.NONE);
    tell(file, file(SMALL), Group.NONE);
    mark();
    step(new Event.Staged(TOP, directory(), "h1", stamp(101)));
    step(new Event.Exchanged(TOP, new Outcome.Placed(stamp(101), directory())));
    Effect.Stage stage =
        (Effect.Stage)
            effects.stream()
                .filter(effect -> effect instanceof Effect.Stage it && it.path().equals(file))
                .findFirst()
                .orElseThrow();
    step(new Event.Staged(file, stage.target(), "h2", stamp(102)));
    step(new Event.Exchanged(file, new Outcome.Placed(stamp(102), stage.target())));
    effects.clear();
  }

  @Test
  void changesNothingInADirectoryThatIsHereUntilAllWasTold() {
    have(FILE);

    tell(FILE, file(SMALL + 1), GROUP);
    sendUnmarked();

    assertEquals(List.of(), staging());
  }

  @Test
  void stagesWhatChangesAndAllDirectoriesToTakeThePlaceOfWhatIsHere() {
    have(FILE);

    tell(FILE, file(SMALL + 1), GROUP);
    tell(TOP.child("g"), file(SMALL + 2), GROUP);
    tellClosed(GROUP);
    mark();

    assertEquals(Set.of(TOP, FILE, TOP.child("g")), Set.copyOf(staging()));
    stageAll();
    List<GroupMember> members = placing().getFirst().members();
    assertEquals(TOP, members.getFirst().path());
    assertEquals(
        stamp(101), members.getFirst().intent().expected().map(Materialised::stamp).orElseThrow());
    assertEquals(3, members.size());
  }

  @Test
  void leavesWhatStaysOutAndRemovesWhatGoes() {
    have(FILE);
    RelativePath stays = TOP.child("stays");
    tell(stays, file(SMALL + 5), Group.NONE);
    mark();
    stageAll();
    Effect.Exchange exchange =
        (Effect.Exchange)
            effects.stream().filter(Effect.Exchange.class::isInstance).findFirst().orElseThrow();
    step(new Event.Exchanged(stays, new Outcome.Placed(stamp(103), exchange.intent().target())));
    effects.clear();

    tell(FILE, Entry.ABSENT, GROUP);
    tellClosed(GROUP);
    mark();
    stageAll();

    List<GroupMember> members = placing().getFirst().members();
    assertEquals(List.of(TOP, FILE), members.stream().map(GroupMember::path).toList());
    assertEquals(Entry.ABSENT, members.get(1).intent().target().entry());
  }

  @Test
  void appliesEachPathByItselfWhenTheRestIsNeverTold() {
    have(FILE);
    tell(FILE, file(SMALL + 1), GROUP);
    sendUnmarked();

    nowMillis += Groups.WAIT_MILLIS + 1;
    step(new Event.Tick());

    assertEquals(List.of(FILE), staging());
  }

  @Test
  void holdsNothingForAGroupThatWasPut() {
    merge();
    arrive();
    stageAll();
    step(new Event.GroupPlaced(TOP, allPlaced()));
    effects.clear();

    tell(FILE, file(SMALL + 1), GROUP);
    sendUnmarked();

    assertEquals(List.of(FILE), staging());
  }

  @Test
  void learnsOfTheEndThoughTheDirectoryWasKnownBefore() {
    merge();
    tell(TOP, Entry.DIRECTORY, Group.NONE);
    mark();
    step(new Event.StageFailed(TOP, Problem.of(Problem.Kind.DISK_FULL)));
    tell(FILE, file(SMALL), GROUP);
    tellClosed(GROUP);
    effects.clear();

    mark();

    assertEquals(List.of(TOP, FILE), staging());
  }

  /** Else it would be taken for what the sender knows, and the rest never told to him. */
  @Test
  void namesNobodyAsTheSenderOfMoreThanHeSent() {
    merge();
    tell(TOP, Entry.DIRECTORY, Group.NONE);
    Dot other = new Dot(new ReplicaId(77), 1);
    Record alone =
        new Record(
            VersionVector.of(other),
            Siblings.of(
                List.of(new Element<>(other, Entry.DIRECTORY, 1, 1, false, new TreeSet<>()))),
            Siblings.none(),
            Siblings.none());
    for (Group group : List.of(GROUP, GROUP.closed())) {
      number++;
      told.add(new Change(number, TOP, alone, group.id()));
      sendUnmarked();
    }

    RecordState stored = journal.record(TOP).orElseThrow();
    assertTrue(new Group(stored.group()).isClosed());
    assertEquals(Optional.empty(), stored.sender());
  }

  /** The directory was replaced again while its former content was staged. */
  @Test
  void waitsForTheEndOfTheGroupThatCameAfterAWholeOne() {
    merge();
    arrive();
    Group later = Group.of(TOP, 2);
    tell(TOP, Entry.DIRECTORY, later);
    mark();
    stageAll();
    assertEquals(List.of(), placing());

    tellClosed(later);
    mark();
    assertEquals(1, placing().size());
  }

  @Test
  void holdsNoOtherPath() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    RelativePath other = RelativePath.of("other");
    tell(other, file(SMALL), Group.NONE);

    mark();

    assertEquals(List.of(other), staging());
  }

  @Test
  void putsEachPathByItselfWhenThereIsTooMuchOfIt() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(Limits.GROUP_BYTES_MAX + 1), GROUP);
    tellClosed(GROUP);

    mark();

    assertEquals(List.of(TOP), staging());
    assertEquals(List.of(), placing());
  }

  @Test
  void putsEachPathByItselfWhenThereAreTooMany() {
    merge();
    tell(TOP, Entry.DIRECTORY, GROUP);
    for (int i = 0; i < Limits.GROUP_MEMBERS_MAX; i++) {
      tell(TOP.child("f" + i), file(SMALL), GROUP);
    }
    tellClosed(GROUP);

    mark();

    assertEquals(List.of(TOP), staging());
  }

  @Test
  void leavesNothingInStagingWhenItStops() {
    merge();
    arrive();
    step(new Event.Staged(TOP, directory(), "s1", stamp(1)));
    effects.clear();

    step(new Event.StopAsked(1));
    assertEquals(List.of("s1"), discarded());

    Attributes untold = new Attributes(EntryType.FILE, 0644, Showing.ANYBODY, Showing.ANYBODY);
    Target file = new Target(file(SMALL), Instant.EPOCH, untold);
    step(new Event.Staged(FILE, file, "s2", stamp(2)));
    assertEquals(List.of("s1", "s2"), discarded());
  }
}
