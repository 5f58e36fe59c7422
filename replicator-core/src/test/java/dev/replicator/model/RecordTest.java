package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordTest {
  private static final int REPLICAS = 5;
  private static final int STEPS = 24;
  private static final Entry X = Histories.file(1);
  private static final Entry Y = Histories.file(2);

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mergeIsCommutativeAssociativeAndIdempotent(long seed) {
    List<Record> records = new Histories(seed, REPLICAS).run(STEPS).replicas();
    for (Record a : records) {
      assertEquals(a, a.merge(a));
      for (Record b : records) {
        assertEquals(a.merge(b), b.merge(a));
        assertEquals(a.merge(b), a.merge(b).merge(b));
        for (Record c : records) {
          assertEquals(a.merge(b).merge(c), a.merge(b.merge(c)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void showsTheSameInAnyOrderOfDelivery(long seed) {
    Histories histories = new Histories(seed, REPLICAS).run(STEPS);
    Record expected = histories.replicas().stream().reduce(Record::merge).orElseThrow();
    for (int round = 0; round < 10; round++) {
      List<Record> left = new ArrayList<>(histories.replicas());
      left.addAll(histories.replicas());
      Record merged = Record.unknown(VersionVector.EMPTY);
      while (!left.isEmpty()) {
        merged = merged.merge(left.remove(histories.random().nextInt(left.size())));
      }
      assertEquals(expected, merged);
      assertEquals(expected.visibleContent(), merged.visibleContent());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void boundedRecordsAgreeWhereverTheyMeetAndShowTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Record> nodes = new ArrayList<>();
    for (int node = 0; node < 3; node++) {
      Record record = Record.unknown(VersionVector.EMPTY);
      for (int write = 0; write < Limits.SIBLINGS_KEPT_MAX - 1; write++) {
        int replica = 1 + random.nextInt(200);
        long clock = replica * 31 % 97;
        record = record.merge(record(write(replica, Histories.file(replica), clock)));
      }
      nodes.add(record.bounded());
    }
    Record whole = nodes.get(0).merge(nodes.get(1));
    Record left = whole.bounded().merge(nodes.get(2)).bounded();
    Record right = nodes.get(0).merge(nodes.get(2).merge(nodes.get(1)).bounded()).bounded();

    assertEquals(whole.visibleContent(), whole.bounded().visibleContent());
    assertEquals(left.merge(right).bounded(), right.merge(left).bounded());
    assertEquals(left.visibleContent(), right.visibleContent());
    assertTrue(left.contents().size() <= Limits.SIBLINGS_KEPT_MAX);
  }

  private static Record record(Element<?>... elements) {
    List<Element<Entry>> contents = new ArrayList<>();
    VersionVector context = VersionVector.EMPTY;
    for (Element<?> element : elements) {
      context = context.with(element.dot());
      contents.add(
          new Element<>(
              element.dot(),
              (Entry) element.value(),
              element.clock(),
              element.preference(),
              element.adopted(),
              element.seen()));
    }
    return new Record(context, Siblings.of(contents), Siblings.none(), Siblings.none());
  }

  private static Element<Entry> write(long replica, Entry entry, long clock) {
    return Element.written(new Dot(new ReplicaId(replica), 1), entry, clock, List.of());
  }

  private static Element<Entry> adopted(long replica, Entry entry, long clock) {
    Dot dot = new Dot(new ReplicaId(replica), 1);
    return new Element<>(dot, entry, clock, 1, true, new TreeSet<>());
  }

  @Test
  @DisplayName("S1")
  void threeConcurrentVersionsShowTheSameInEveryOrder() {
    Record a = record(write(1, X, 5));
    Record b = record(write(2, Entry.ABSENT, 9));
    Record c = record(write(3, Y, 7));
    for (Record merged :
        List.of(
            a.merge(b).merge(c), c.merge(b).merge(a), b.merge(c).merge(a), a.merge(c.merge(b)))) {
      assertEquals(Y, merged.visibleEntry());
      assertEquals(3, merged.contents().size());
    }
  }

  @Test
  @DisplayName("S2")
  void equalContentsAreKeptApartSoThatAWriteOverOneKeepsTheOther() {
    Element<Entry> one = write(1, X, 1);
    Element<Entry> two = write(2, X, 2);
    Record both = record(one).merge(record(two));
    assertFalse(both.isConflict());
    assertEquals(2, both.contents().size());
    Dot dot = new Dot(new ReplicaId(1), 2);
    Record over =
        new Record(
            record(one).context().with(dot),
            Siblings.of(List.of(Element.written(dot, Entry.ABSENT, 9, List.of()))),
            Siblings.none(),
            Siblings.none());
    assertEquals(X, both.merge(over).visibleEntry());
  }

  @Test
  void adoptedVersionsRankBelowEverythingThatSomebodyWrote() {
    Record gone = record(write(1, Entry.ABSENT, 1));
    assertEquals(Entry.ABSENT, gone.merge(record(adopted(2, X, 99))).visibleEntry());
    Record there = record(write(1, Y, 1));
    Record merged = there.merge(record(adopted(2, X, 99)));
    assertEquals(Y, merged.visibleEntry());
    assertFalse(merged.isConflict());
    assertEquals(1, merged.hidden().size());
  }

  @Test
  void modificationSurvivesAConcurrentDeletionAndADirectoryAFile() {
    Record gone = record(write(1, Entry.ABSENT, 9));
    assertEquals(X, gone.merge(record(write(2, X, 1))).visibleEntry());
    Record file = record(write(1, X, 9));
    Record merged = file.merge(record(write(2, Entry.DIRECTORY, 1)));
    assertEquals(Entry.DIRECTORY, merged.visibleEntry());
    assertTrue(merged.isConflict());
  }

  @Test
  void seenSiblingNeverShowsWhileItsWitnessStands() {
    Element<Entry> loser = write(1, X, 1);
    Dot dot = new Dot(new ReplicaId(2), 1);
    Record merged = record(loser, Element.written(dot, Entry.ABSENT, 2, List.of(loser.dot())));
    assertEquals(Entry.ABSENT, merged.visibleEntry());
    assertTrue(merged.isConflict());
  }

  @Test
  void refusesElementsOutsideOfTheContext() {
    Siblings<Entry> contents = Siblings.of(List.of(write(1, X, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Record(VersionVector.EMPTY, contents, Siblings.none(), Siblings.none()));
  }
}
