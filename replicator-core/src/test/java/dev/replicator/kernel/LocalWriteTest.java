package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LocalWriteTest {
  private static final Principal WEB = new Principal("web", 33);
  private static final Instant NOON = Instant.ofEpochSecond(43_200);

  /** A node: what it knows of one path, and what is on its disk. */
  private static final class Node {
    private final ReplicaId replica;
    private Record record = Record.unknown(VersionVector.EMPTY);
    private Optional<Materialised> disk = Optional.empty();
    private final TreeSet<Dot> since = new TreeSet<>();
    private long counter;

    Node(long replica) {
      this.replica = new ReplicaId(replica);
    }

    LocalWrite finds(Target found, long clock, boolean adopted) {
      return finds(found, clock, adopted, true);
    }

    LocalWrite finds(Target found, long clock, boolean adopted, boolean certain) {
      return finds(found, clock, adopted, certain, Knowledge.NONE);
    }

    LocalWrite finds(Target found, long clock, Knowledge perhaps) {
      return finds(found, clock, false, true, perhaps);
    }

    private LocalWrite finds(
        Target found, long clock, boolean adopted, boolean certain, Knowledge perhaps) {
      LocalWrite write =
          LocalWrite.of(
              record,
              disk,
              perhaps,
              Suspects.NO_STAMP,
              found,
              adopted,
              certain,
              since::contains,
              () -> {
                counter++;
                Dot dot = new Dot(replica, counter);
                return new LocalWrite.Pen(dot, clock, Element.PREFERENCE_DEFAULT, adopted, adopted);
              });
      record = write.record();
      disk = Optional.of(write.materialised());
      return write;
    }

    LocalWrite finds(Target found, long clock) {
      return finds(found, clock, false);
    }

    /** Merges, and puts on the disk what shows. */
    void takes(Node other) {
      record = record.merge(other.record);
      Showing showing = Showing.of(record, record.visibleEntry(), disk);
      Target target = showing.target();
      disk =
          Optional.of(
              new Materialised(
                  Suspects.NO_STAMP, target, target.attributes(), showing.knowledge()));
    }
  }

  private final Node one = new Node(1);
  private final Node two = new Node(2);

  private static Target file(int content, int mode, Instant mtime) {
    byte[] digest = new byte[Digest.LENGTH_BYTES];
    digest[0] = (byte) content;
    return new Target(
        new Entry.File(Digest.of(digest), content),
        mtime,
        new Attributes(EntryType.FILE, mode, WEB, WEB));
  }

  private static Target directory(int mode) {
    return new Target(
        Entry.DIRECTORY, Instant.EPOCH, new Attributes(EntryType.DIRECTORY, mode, WEB, WEB));
  }

  private void share(Target target) {
    one.finds(target, 1);
    two.takes(one);
  }

  @Test
  @DisplayName("S15")
  void whatIsAdoptedSupersedesNothingThoughItsPathWasKnown() {
    share(file(1, 0644, NOON));
    one.finds(file(2, 0600, NOON.plusSeconds(1)), 9, true);

    assertEquals(2, one.record.contents().size());
    assertEquals(2, one.record.mtimes().size());
    assertEquals(2, one.record.attributes().size());
    assertEquals(file(1, 0644, NOON).entry(), one.record.visibleEntry());
  }

  @Test
  @DisplayName("S3")
  void touchDoesNotOutrankAnEdit() {
    share(file(1, 0644, NOON));
    one.finds(file(2, 0644, NOON.plusSeconds(1)), 5);
    two.finds(file(1, 0644, NOON.plusSeconds(2)), 9);
    one.takes(two);
    assertEquals(file(2, 0644, NOON).entry(), one.record.visibleEntry());
    assertFalse(one.record.isConflict());
  }

  @Test
  @DisplayName("S3")
  void sameContentOnTwoNodesIsNoConflictWhateverItsTime() {
    one.finds(file(1, 0644, NOON), 1);
    two.finds(file(1, 0644, NOON.plusSeconds(9)), 2);
    one.takes(two);
    two.takes(one);
    assertFalse(one.record.isConflict());
    assertEquals(one.disk.map(Materialised::actual), two.disk.map(Materialised::actual));
  }

  @Test
  @DisplayName("S4")
  void creationDoesNotInheritTheModeOfADeadFile() {
    one.finds(file(1, 0777, NOON), Long.MAX_VALUE / 2);
    two.takes(one);
    one.finds(Target.ABSENT, 2);
    one.finds(file(2, 0600, NOON), 3);
    two.takes(one);
    assertEquals(0600, two.disk.orElseThrow().actual().attributes().mode());
  }

  @Test
  @DisplayName("S4")
  void directoryDoesNotInheritTheModeOfTheFileThatItWas() {
    share(file(1, 0600, NOON));
    one.finds(directory(0750), 2);
    two.finds(file(1, 0666, NOON), 9);
    one.takes(two);
    assertEquals(directory(0750), one.disk.orElseThrow().actual());
  }

  @Test
  void editThatSurvivesADeletionKeepsItsModeEverywhere() {
    share(file(1, 0600, NOON));
    one.finds(Target.ABSENT, 9);
    two.finds(file(2, 0600, NOON.plusSeconds(1)), 2);
    one.takes(two);
    two.takes(one);
    assertEquals(0600, one.disk.orElseThrow().actual().attributes().mode());
    assertEquals(one.disk.map(Materialised::actual), two.disk.map(Materialised::actual));
  }

  @Test
  @DisplayName("S6")
  void editIsNotUndoneByAClockInTheFuture() {
    share(file(1, 0644, NOON));
    one.finds(file(2, 0644, NOON), Long.MAX_VALUE / 2);
    two.takes(one);
    two.finds(file(3, 0644, NOON), 2);
    one.takes(two);
    assertEquals(file(3, 0644, NOON).entry(), one.record.visibleEntry());
    assertFalse(one.record.isConflict());
  }

  @Test
  @DisplayName("S6")
  void writeSupersedesOnlyWhatWasOnTheDiskAndHasSeenItsSiblings() {
    one.finds(file(1, 0644, NOON), 1);
    two.finds(file(2, 0644, NOON), 2);
    two.takes(one);
    Node three = new Node(3);
    three.finds(file(3, 0644, NOON), 3);
    two.record = two.record.merge(three.record);
    two.finds(Target.ABSENT, 4);
    assertEquals(file(3, 0644, NOON).entry(), two.record.visibleEntry());
    assertEquals(3, two.record.contents().size());
    var deletion =
        two.record.contents().elements().stream()
            .filter(element -> !element.value().isPresent())
            .findFirst()
            .orElseThrow();
    assertEquals(one.record.contents().dots(), deletion.seen());
  }

  @Test
  @DisplayName("S14")
  void adoptedFindSupersedesNothing() {
    share(file(1, 0644, NOON));
    two.disk = Optional.empty();
    two.finds(file(9, 0644, NOON), 99, true);
    assertEquals(file(1, 0644, NOON).entry(), two.record.visibleEntry());
    assertEquals(2, two.record.contents().size());
  }

  /** Else it stands beside the peer's, and comes back when that is deleted. */
  @Test
  void writeSupersedesWhatItReplacedThoughAPeerWroteTheSame() {
    one.finds(file(1, 0644, NOON), 1);
    two.finds(directory(0755), 2);
    one.record = one.record.merge(two.record);
    assertTrue(one.finds(directory(0755), 3).written());
    assertFalse(one.record.isConflict());
    two.takes(one);
    two.finds(Target.ABSENT, 4);
    assertFalse(two.record.visibleEntry().isPresent());
  }

  /**
   * An older journal may have put the peer's, and forgot it: nobody was seen to replace its own.
   */
  @Test
  void nothingIsSupersededByWhatAFirstScanFindsAndAPeerWrote() {
    one.finds(file(1, 0644, NOON), 1);
    two.finds(directory(0755), 2);
    one.record = one.record.merge(two.record);
    Record merged = one.record;
    assertFalse(one.finds(directory(0755), 3, false, false).written());
    assertEquals(merged, one.record);
  }

  /** It may have been put by this node, or written by somebody who replaced its own. */
  @Test
  void whatMayHaveBeenReplacedByWhatAPeerWroteStandsAndNeverShowsAgain() {
    one.finds(file(1, 0644, NOON), 1);
    two.finds(file(2, 0644, NOON), 2);
    one.record = one.record.merge(two.record);
    Knowledge perhaps = one.disk.orElseThrow().knowledge();
    one.disk = one.disk.map(disk -> disk.withKnowledge(Knowledge.NONE));
    assertTrue(one.finds(file(2, 0644, NOON), 3, perhaps).written());
    assertEquals(2, one.record.contents().dotsWhere(file(2, 0644, NOON).entry()::equals).size());
    assertEquals(1, one.record.contents().dotsWhere(file(1, 0644, NOON).entry()::equals).size());

    two.finds(Target.ABSENT, 4);
    two.takes(one);
    assertFalse(two.record.visibleEntry().isPresent(), "what hides was written by nobody");
  }

  @Test
  void nothingIsWrittenWhereNothingIsToBeHidden() {
    share(file(1, 0644, NOON));
    Knowledge perhaps = one.disk.orElseThrow().knowledge();
    two.finds(file(2, 0644, NOON), 2);
    one.record = one.record.merge(two.record);
    one.disk = one.disk.map(disk -> disk.withKnowledge(Knowledge.NONE));
    assertFalse(one.finds(file(2, 0644, NOON), 3, perhaps).written());
    assertEquals(two.record, one.record);
  }

  /** Whoever is told of it may have to show again what it replaced. */
  @Test
  void doubtfulWriteLeavesStandingWhatItReplacedAndHidesIt() {
    share(file(1, 0644, NOON));
    LocalWrite write = two.finds(file(2, 0600, NOON.plusSeconds(1)), 3, false, false);
    one.takes(two);

    assertEquals(2, one.record.contents().size());
    assertEquals(file(2, 0600, NOON.plusSeconds(1)), one.disk.orElseThrow().actual());
    Knowledge replaced = write.doubt().orElseThrow();
    assertEquals(1, replaced.contents().size());
    assertEquals(replaced.contents(), replaced.mtimes());
    assertEquals(replaced.contents(), replaced.attributes());
  }

  @Test
  void doubtfulDeletionIsOne() {
    share(file(1, 0644, NOON));
    two.finds(Target.ABSENT, 3, false, false);
    one.takes(two);
    assertFalse(one.record.visibleEntry().isPresent());
    assertEquals(2, one.record.contents().size());
  }

  @Test
  void doubtfulWriteSupersedesWhatItsReplicaWroteBefore() {
    share(file(1, 0644, NOON));
    two.finds(file(2, 0644, NOON), 2, false, false);
    two.finds(file(3, 0644, NOON), 3, false, false);
    assertEquals(2, two.record.contents().size());
    assertEquals(file(3, 0644, NOON).entry(), two.record.visibleEntry());
  }

  /** Also where its content is not kept yet. */
  @Test
  void whatAWriterSawStaysHiddenWhenHisWriteIsDeleted() {
    share(file(1, 0644, NOON));
    two.finds(file(2, 0644, NOON), 3, false, false);
    one.takes(two);
    Knowledge known = one.disk.orElseThrow().knowledge();
    Knowledge visible =
        new Knowledge(known.contents(), known.mtimes(), known.attributes(), new TreeSet<>());
    one.disk = one.disk.map(there -> there.withKnowledge(visible));
    one.finds(Target.ABSENT, 4);
    assertFalse(one.record.visibleEntry().isPresent());
    assertEquals(2, one.record.contents().size());
  }

  @Test
  void nothingIsWrittenWhenAPeerWroteTheSameOverWhatWasReplaced() {
    share(file(1, 0644, NOON));
    two.finds(file(2, 0644, NOON), 2);
    one.record = one.record.merge(two.record);
    assertFalse(one.finds(file(2, 0644, NOON), 3).written());
    assertEquals(two.record, one.record);
  }

  /** What joins a peer's directory has the owner and mode found, and none of what is not there. */
  @Test
  void directoryThatAPeerMadeTooHasNoneOfTheAttributesOfItsAbsence() {
    share(directory(0755));
    one.finds(Target.ABSENT, 2);
    two.takes(one);
    two.finds(directory(0750), 3);
    one.record = one.record.merge(two.record);
    one.finds(directory(0755), 4);
    two.takes(one);
    assertEquals(directory(0755), two.disk.orElseThrow().actual());
  }

  /** A mode that was asked of a file before, and could not be put, is none of another file's. */
  @Test
  void fileThatAPeerWroteTooHasNoneOfWhatWasAskedOfTheFileBefore() {
    share(file(1, 0644, NOON));
    Materialised there = two.disk.orElseThrow();
    two.disk =
        Optional.of(
            new Materialised(
                there.stamp(),
                there.actual(),
                file(1, 06755, NOON).attributes(),
                there.knowledge()));
    one.finds(file(2, 0644, NOON), 2);
    two.record = two.record.merge(one.record);
    Target found =
        new Target(
            file(2, 0644, NOON).entry(),
            NOON,
            new Attributes(EntryType.FILE, 0644, new Principal("other", 7), WEB));
    two.finds(found, 3);
    one.takes(two);
    assertEquals(found, one.disk.orElseThrow().actual());
  }

  private static Target with(SortedMap<String, Bytes> extended) {
    Target plain = file(1, 0644, NOON);
    return new Target(
        plain.entry(), NOON, new Attributes(EntryType.FILE, 0644, WEB, WEB, extended));
  }

  private static SortedMap<String, Bytes> attributes(String... names) {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    List.of(names).forEach(name -> extended.put(name, Bytes.copyOf(new byte[] {1})));
    return extended;
  }

  /** An access list that this disk cannot hold stays with those that can. */
  @Test
  void extendedAttributeThatIsSetTakesNoneFromOthersThatCouldNotBePutHere() {
    share(with(attributes("system.posix_acl_access", "user.old")));
    Materialised there = two.disk.orElseThrow();
    two.disk =
        Optional.of(
            new Materialised(
                there.stamp(), with(attributes("user.old")), there.asked(), there.knowledge()));
    two.finds(with(attributes("user.new")), 3);
    one.takes(two);
    assertEquals(
        attributes("system.posix_acl_access", "user.new"),
        one.disk.orElseThrow().actual().attributes().extended());
  }

  /** What was read since the start stood there, however old the journal is. */
  @Test
  void doubtfulWriteThatAPeerMadeTooSupersedesWhatWasReadSinceTheStart() {
    share(file(1, 0644, NOON));
    two.finds(file(2, 0644, NOON), 2, false, false);
    two.since.addAll(two.disk.orElseThrow().knowledge().contents());
    one.finds(file(3, 0644, NOON), 3);
    two.record = two.record.merge(one.record);
    assertEquals(file(3, 0644, NOON).entry(), two.record.visibleEntry());

    assertTrue(two.finds(file(3, 0644, NOON), 4, false, false).written());

    Entry replaced = file(2, 0644, NOON).entry();
    assertTrue(two.record.contents().dotsWhere(replaced::equals).isEmpty());
  }

  @Test
  void nothingIsWrittenWhenOnlyTheStampChanged() {
    share(file(1, 0644, NOON));
    Record before = two.record;
    assertFalse(two.finds(file(1, 0644, NOON), 5).written());
    assertEquals(before, two.record);
  }

  @Test
  void writeThenMergeEqualsMergeThenWriteForWhatShows() {
    share(file(1, 0644, NOON));
    assertTrue(one.finds(file(2, 0644, NOON), 5).written());
    two.finds(file(3, 0644, NOON), 6);
    Record merged = one.record.merge(two.record);
    assertEquals(merged, two.record.merge(one.record));
    assertEquals(2, merged.contents().size());
    assertTrue(merged.isConflict());
  }
}
