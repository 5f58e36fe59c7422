package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.JournalWrite;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.simulation.Values;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a journal tells of many records as one. */
abstract class RecordRangesContract extends BelowContract {
  private static final List<RelativePath> PATHS =
      Stream.of("a", "a-b", "a-b/x", "a.b", "a/x", "a/x/y", "a0", "b")
          .map(RelativePath::of)
          .toList();

  private final Values values = new Values(new SplittableRandom(43));

  private void put(RelativePath path, long number) {
    journal().append(List.of(new JournalWrite.PutRecord(path, values.recordState(number))));
  }

  @Test
  void takesTheRecordsOfARangeAsOne() {
    long number = 1;
    for (RelativePath path : PATHS) {
      put(path, number++);
    }
    Optional<RelativePath> end = Optional.of(PATHS.get(6));
    RecordRange whole = journal().rangeAfter(RelativePath.ROOT, Optional.empty(), 100);
    RecordRange part = journal().rangeAfter(PATHS.get(2), end, 100);
    assertEquals(PATHS.size(), whole.paths());
    assertEquals(PATHS.getLast(), whole.last());
    assertEquals(4, part.paths());
    assertEquals(PATHS.get(6), part.last());
    assertEquals(part, journal().rangeAfter(PATHS.get(2), Optional.empty(), 4));
    RecordRange none = journal().rangeAfter(PATHS.get(6), end, 100);
    assertEquals(new RecordRange(PATHS.get(6), 0, none.digest()), none);
    assertEquals(
        none.digest(), journal().rangeAfter(PATHS.getLast(), Optional.empty(), 9).digest());

    RecordState other = journal().record(PATHS.get(4)).orElseThrow();
    RecordState renumbered =
        new RecordState(
            other.record(), 900, Optional.of(values.node()), other.group() + 1, other.doubts());
    journal().append(List.of(new JournalWrite.PutRecord(PATHS.get(4), renumbered)));
    assertEquals(part, journal().rangeAfter(PATHS.get(2), end, 100), "what is known is the same");
    put(PATHS.get(4), 901);
    assertNotEquals(part, journal().rangeAfter(PATHS.get(2), end, 100));
    journal().append(List.of(new JournalWrite.CollectRecord(PATHS.get(4))));
    assertEquals(3, journal().rangeAfter(PATHS.get(2), end, 100).paths());
  }
}
