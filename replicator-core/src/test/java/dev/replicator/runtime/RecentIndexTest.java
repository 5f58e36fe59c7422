package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentIndexTest {
  private static final int APPENDS = 3_000;

  /** Twice as many as are remembered, so that some are forgotten. */
  private static final int PATHS = 2 * RecentIndex.PATHS_MAX;

  private final FakeJournal journal = new FakeJournal();
  private long behind = 1_000_000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void answersAsTheJournalDoes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Values values = new Values(random);
    RootState root = values.rootState();
    journal.append(List.of(new JournalWrite.PutRoot(root)));
    RecentIndex index = new RecentIndex(journal);
    long number = root.nextNumber() - 1;
    for (int i = 0; i < APPENDS; i++) {
      List<JournalWrite> writes = new ArrayList<>();
      for (RelativePath path : values.list(3, () -> path(random))) {
        number++;
        writes.add(write(random, values, path, number));
      }
      index.append(writes);
      assertSame(index, path(random), number - random.nextInt(2 * RecentIndex.CHANGES_MAX));
    }
  }

  private static RelativePath path(SplittableRandom random) {
    return RelativePath.of(
        ("p" + random.nextInt(PATHS) * random.nextInt(PATHS) / PATHS)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static JournalWrite write(
      SplittableRandom random, Values values, RelativePath path, long number) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new JournalWrite.PutRecord(path, values.recordState(number));
      case 3 -> new JournalWrite.CollectRecord(path);
      case 4 -> new JournalWrite.PutMaterialised(path, values.materialised());
      case 5 -> new JournalWrite.DropMaterialised(path);
      case 6 -> new JournalWrite.PutPending(path, values.pending());
      default -> new JournalWrite.DropPending(path);
    };
  }

  private void assertSame(RecentIndex index, RelativePath path, long after) {
    assertEquals(journal.record(path), index.record(path));
    assertEquals(journal.materialised(path), index.materialised(path));
    assertEquals(journal.pending(path), index.pending(path));
    assertEquals(journal.changesAfter(after, 100), index.changesAfter(after, 100));
    assertEquals(journal.pendingAfter(path, 10), index.pendingAfter(path, 10));
  }

  @Test
  void keepsWhatWasThereWhenItWasOpened() {
    Values values = new Values(new SplittableRandom(4));
    RootState root = values.rootState();
    long number = root.nextNumber() - 1;
    RelativePath path = RelativePath.of("before");
    journal.append(
        List.of(
            new JournalWrite.PutRoot(root),
            new JournalWrite.PutRecord(path, values.recordState(number))));

    RecentIndex index = new RecentIndex(journal);

    assertTrue(index.record(path).isPresent());
    assertEquals(journal.changesAfter(number - 1, 1), index.changesAfter(number - 1, 1));
    assertTrue(index.changesAfter(number, 1).isEmpty());
  }

  private static Record withContext(int replicas) {
    TreeMap<ReplicaId, Long> counters = new TreeMap<>();
    for (long id = 1; id <= replicas; id++) {
      counters.put(new ReplicaId(id), id);
    }
    return Record.unknown(VersionVector.of(counters));
  }

  private static JournalWrite put(RelativePath path, Record record, long number) {
    return new JournalWrite.PutRecord(
        path, new RecordState(record, number, Optional.empty(), 0, List.of()));
  }

  /** What the journal is told behind the back of the index is not seen where it remembers. */
  private boolean isRemembered(RecentIndex index, RelativePath path) {
    Optional<RecordState> before = index.record(path);
    behind++;
    journal.append(List.of(put(path, withContext(1), behind)));
    return index.record(path).equals(before);
  }

  @Test
  void remembersNoContextOfThousandsOfReplicas() {
    RelativePath small = RelativePath.of("small");
    RelativePath large = RelativePath.of("large");
    RecentIndex index = new RecentIndex(journal);

    index.append(List.of(put(small, withContext(8), 1)));
    index.append(List.of(put(large, withContext(Limits.VECTOR_REPLICAS_MAX), 2)));

    assertTrue(isRemembered(index, small));
    assertFalse(isRemembered(index, large));
  }

  @Test
  void remembersNoVersionThatSawHundredsOfOthers() {
    RelativePath path = RelativePath.of("seen");
    List<Element<Entry>> contents = new ArrayList<>();
    VersionVector context = VersionVector.EMPTY;
    TreeSet<Dot> seen = new TreeSet<>();
    for (int number = 1; number <= Limits.SIBLINGS_MAX; number++) {
      seen.add(new Dot(new ReplicaId(1), number));
    }
    for (int number = 1; number <= 4; number++) {
      Dot dot = new Dot(new ReplicaId(1), 100 + number);
      contents.add(Element.written(dot, Entry.DIRECTORY, 1, seen));
      context = context.with(dot);
    }
    RecentIndex index = new RecentIndex(journal);
    Record record = new Record(context, Siblings.of(contents), Siblings.none(), Siblings.none());

    index.append(List.of(put(path, record, 1)));

    assertFalse(isRemembered(index, path));
  }

  @Test
  void remembersNothingBehindWhichThousandsOfWritesStand() {
    RelativePath path = RelativePath.of("known");
    TreeSet<Dot> dots = new TreeSet<>();
    for (int number = 1; number <= Limits.KNOWN_DOTS_MAX; number++) {
      dots.add(new Dot(new ReplicaId(1), number));
    }
    Materialised few = new Values(new SplittableRandom(5)).materialised();
    Materialised many =
        few.withKnowledge(new Knowledge(dots, new TreeSet<>(), new TreeSet<>(), new TreeSet<>()));
    RecentIndex index = new RecentIndex(journal);

    index.append(List.of(new JournalWrite.PutMaterialised(path, many)));
    journal.append(List.of(new JournalWrite.PutMaterialised(path, few)));

    assertEquals(Optional.of(few), index.materialised(path));
  }
}
