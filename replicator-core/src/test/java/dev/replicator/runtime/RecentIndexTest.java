package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.JournalWrite;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentIndexTest {
  private static final int APPENDS = 3_000;

  /** Twice as many as are remembered, so that some are forgotten. */
  private static final int PATHS = 2 * RecentIndex.PATHS_MAX;

  private final FakeJournal journal = new FakeJournal();

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
}
