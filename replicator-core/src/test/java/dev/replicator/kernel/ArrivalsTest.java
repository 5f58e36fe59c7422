package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is told of a directory that arrives whole on this node. */
class ArrivalsTest {
  private static final RelativePath TOP = RelativePath.of("plugins/x");
  private static final RelativePath FILE = TOP.child("f");
  private static final long SCAN = 7;

  private final Values values = new Values(new SplittableRandom(1));
  private final Identity identity = values.identity();
  private final ReplicaState state = state();
  private final Paths paths = new Paths(Bounds.ORDINARY);
  private final Records records =
      new Records(state, new Survey(state, new ChangedRules(state, paths)));
  private final Deletions deletions = new Deletions();
  private final Arrivals arrivals = new Arrivals(state, paths, records, deletions, group -> {});

  private ReplicaState state() {
    FakeJournal journal = new FakeJournal();
    RootState root = RootState.fresh(identity, "boot", Initial.UNION, values.digest());
    journal.append(List.of(new JournalWrite.PutRoot(root)));
    Settings settings =
        new Settings(
            NodeId.of(new byte[32]),
            (path, type) -> true,
            values.digest(),
            Initial.UNION,
            true,
            false);
    return new ReplicaState(settings, journal);
  }

  /** As a look that found something new at {@code path}. */
  private void writes(RelativePath path, Entry entry) {
    writes(path, entry, arrivals.groupOf(path));
  }

  private void writes(RelativePath path, Entry entry, Group group) {
    Dot dot = state.mint();
    Record record =
        new Record(
            VersionVector.of(dot),
            Siblings.of(List.of(new Element<>(dot, entry, 1, 1, false, new TreeSet<>()))),
            Siblings.none(),
            Siblings.none());
    records.store(path, record, Optional.empty(), group.id());
  }

  private void looks(RelativePath path, Entry entry) {
    arrivals.suspected(path);
    writes(path, entry);
    arrivals.looked(path);
  }

  private Group stored(RelativePath path) {
    return new Group(records.find(path).map(RecordState::group).orElse(0L));
  }

  private long number(RelativePath path) {
    return records.find(path).orElseThrow().number();
  }

  @Test
  void closesADirectoryAfterItsLastMember() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    arrivals.suspected(TOP);
    arrivals.suspected(FILE);
    writes(TOP, Entry.DIRECTORY);
    arrivals.looked(TOP);
    arrivals.listed(SCAN);
    arrivals.closeWhenDue();
    assertFalse(stored(TOP).isClosed());

    writes(FILE, values.entry());
    arrivals.looked(FILE);
    arrivals.closeWhenDue();

    assertEquals(Optional.of(TOP), stored(FILE).top(FILE));
    assertFalse(stored(FILE).isClosed());
    assertTrue(stored(TOP).isClosed());
    assertTrue(stored(TOP).isSame(stored(FILE)));
    assertTrue(number(TOP) > number(FILE));
  }

  @Test
  void closesNothingBeforeAllOfItWasListed() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    looks(TOP, Entry.DIRECTORY);
    arrivals.listed(SCAN + 1);
    arrivals.closeWhenDue();
    assertFalse(stored(TOP).isClosed());

    arrivals.listed(SCAN);
    arrivals.closeWhenDue();
    assertTrue(stored(TOP).isClosed());
  }

  @Test
  void waitsForAPathThatIsToBeLookedAtAgain() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    looks(TOP, Entry.DIRECTORY);
    arrivals.suspected(FILE);
    paths.beginInspecting(FILE, new Paths.Suspicion(Cause.WATCH, false));
    paths.suspect(FILE, new Paths.Suspicion(Cause.WATCH, false));
    paths.end(FILE);
    arrivals.looked(FILE);
    arrivals.listed(SCAN);

    arrivals.closeWhenDue();

    assertFalse(stored(TOP).isClosed());
  }

  @Test
  void leavesOpenWhatTakesTooLong() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    looks(TOP, Entry.DIRECTORY);
    assertEquals(state.steadyMillis + Arrivals.LOOK_MILLIS_MAX, arrivals.wakeAtMillis());

    state.steadyMillis += Arrivals.LOOK_MILLIS_MAX;
    arrivals.closeWhenDue();

    assertFalse(stored(TOP).isClosed());
    assertEquals(Long.MAX_VALUE, arrivals.wakeAtMillis());
  }

  @Test
  void leavesOpenWhatIsTooMuchToBeRemembered() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    looks(TOP, Entry.DIRECTORY);
    for (int number = 0; number <= Limits.GROUP_MEMBERS_MAX; number++) {
      arrivals.suspected(TOP.child("f" + number));
    }
    for (int number = 0; number <= Limits.GROUP_MEMBERS_MAX; number++) {
      arrivals.looked(TOP.child("f" + number));
    }
    arrivals.listed(SCAN);

    arrivals.closeWhenDue();

    assertFalse(stored(TOP).isClosed());
  }

  @Test
  void tellsNothingMoreWhenNothingWasWritten() {
    writes(TOP, Entry.DIRECTORY);
    long number = number(TOP);
    arrivals.begin(TOP, Optional.empty(), SCAN);
    arrivals.suspected(TOP);
    arrivals.looked(TOP);
    arrivals.listed(SCAN);

    arrivals.closeWhenDue();

    assertEquals(number, number(TOP));
  }

  @Test
  void marksNothingElsewhereAndNothingAfterwards() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    assertEquals(Group.NONE, arrivals.groupOf(RelativePath.of("plugins/y/f")));
    assertEquals(Group.NONE, arrivals.groupOf(TOP.parent()));
    looks(TOP, Entry.DIRECTORY);
    arrivals.listed(SCAN);
    arrivals.closeWhenDue();

    assertEquals(Group.NONE, arrivals.groupOf(FILE));
  }

  @Test
  void takesADirectoryThatComesIntoAnotherForAPartOfIt() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    arrivals.begin(TOP.child("sub"), Optional.empty(), SCAN + 1);

    assertEquals(Optional.of(TOP), arrivals.groupOf(TOP.child("sub")).top(FILE));
  }

  @Test
  void closesADirectoryThatAPeerDeletedMeanwhile() {
    arrivals.begin(TOP, Optional.empty(), SCAN);
    looks(TOP, Entry.DIRECTORY);
    looks(FILE, values.entry());
    Group group = stored(FILE);
    writes(TOP, Entry.ABSENT, Group.NONE);
    arrivals.listed(SCAN);

    arrivals.closeWhenDue();

    assertEquals(group.closed(), stored(TOP));
  }

  @Test
  void closesADirectoryThatCameBeforeTheOneItIsIn() {
    RelativePath above = TOP.parent();
    arrivals.begin(TOP, Optional.empty(), SCAN);
    looks(TOP, Entry.DIRECTORY);
    arrivals.suspected(FILE);
    arrivals.begin(above, Optional.empty(), SCAN + 1);
    looks(above, Entry.DIRECTORY);
    writes(FILE, values.entry());
    arrivals.looked(FILE);
    arrivals.listed(SCAN);
    arrivals.listed(SCAN + 1);

    arrivals.closeWhenDue();

    assertTrue(stored(TOP).isClosed());
    assertTrue(stored(above).isClosed());
  }
}
