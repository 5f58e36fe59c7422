package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Doubt;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Record;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a write found in doubt had replaced, when everybody answered and nobody contradicts. */
class DoubtsTest {
  private static final ReplicaId FORMER = new ReplicaId(1);
  private static final ReplicaId FINDER = new ReplicaId(2);
  private static final ReplicaId PEER = new ReplicaId(3);
  private static final Entry OLD = file(1);
  private static final Entry FOUND = file(2);
  private static final Entry LATER = file(3);

  /** Known to the journal, and replaced by what the first scan found. */
  private static final Dot REPLACED = new Dot(FORMER, 7);

  private static final Element<Entry> HIDDEN = element(REPLACED, OLD);
  private static final Dot FIND = new Dot(FINDER, 1);
  private static final Dot OF_PEER = new Dot(PEER, 1);

  private static Entry file(int number) {
    byte[] digest = new byte[Digest.LENGTH_BYTES];
    digest[0] = (byte) number;
    return new Entry.File(Digest.of(digest), 1);
  }

  private static <T> Element<T> element(Dot dot, T value) {
    return new Element<>(dot, value, 1, Element.PREFERENCE_DEFAULT, false, new TreeSet<>());
  }

  @SafeVarargs
  private static Record record(Element<Entry>... contents) {
    return new Record(
        VersionVector.covering(List.of(REPLACED, FIND, OF_PEER)),
        Siblings.of(Arrays.asList(contents)),
        Siblings.of(List.of(element(REPLACED, Instant.EPOCH))),
        Siblings.none());
  }

  private static Doubt doubt(ReplicaId writer) {
    SortedSet<Dot> replaced = new TreeSet<>(List.of(REPLACED));
    SortedSet<Dot> none = Collections.emptySortedSet();
    return new Doubt(writer, new Knowledge(replaced, replaced, none, none));
  }

  private static List<Dot> gone(Record record, Doubt... doubts) {
    return List.copyOf(Doubts.replaced(record, List.of(doubts)).contents());
  }

  @Test
  void goesWhereTheWriteStands() {
    assertEquals(List.of(REPLACED), gone(record(HIDDEN, element(FIND, FOUND)), doubt(FINDER)));
  }

  @Test
  void goesWhereSomebodyWroteOverTheWriteSince() {
    assertEquals(List.of(REPLACED), gone(record(HIDDEN, element(OF_PEER, LATER)), doubt(FINDER)));
  }

  @Test
  void goesWhereSomebodyDeletedTheWriteSince() {
    Record deleted = record(HIDDEN, element(OF_PEER, Entry.ABSENT));
    assertEquals(List.of(REPLACED), gone(deleted, doubt(FINDER)));
  }

  @Test
  void goesWhereADeletionWasFoundAndSomebodyDeletedThePathToo() {
    Record both = record(HIDDEN, element(FIND, Entry.ABSENT), element(OF_PEER, Entry.ABSENT));
    assertEquals(List.of(REPLACED), gone(both, doubt(FINDER)));
  }

  @Test
  void staysWhereSomebodyElseWroteTheSame() {
    Record same = record(HIDDEN, element(FIND, FOUND), element(OF_PEER, FOUND));
    assertEquals(List.of(), gone(same, doubt(FINDER)));
  }

  /** Two starts that nobody answered, one after the other, found the same. */
  @Test
  void goesWhereOnlyWhoDoubtsAsWellWroteTheSame() {
    Record same = record(HIDDEN, element(FIND, FOUND), element(OF_PEER, FOUND));
    assertEquals(List.of(REPLACED), gone(same, doubt(FINDER), doubt(PEER)));
  }

  @Test
  void timeStaysWhereTheWriteHasNone() {
    Record written = record(HIDDEN, element(FIND, FOUND));
    Knowledge replaced = Doubts.replaced(written, List.of(doubt(FINDER)));
    assertEquals(new TreeSet<>(), replaced.mtimes());
  }
}
