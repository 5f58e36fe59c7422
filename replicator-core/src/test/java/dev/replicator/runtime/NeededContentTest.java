package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.journal.RocksJournal;
import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import dev.replicator.port.Journal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeededContentTest {
  /** More than are listed as conflicts. */
  private static final int CONFLICTS = 10_001;

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);
  private static final Principal WEB = new Principal("www-data", 33);

  @TempDir Path directory;
  private final Set<Digest> needed = new HashSet<>();
  private Optional<Journal> journal = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    journal = Optional.of(RocksJournal.open(directory.resolve("journal")));
  }

  @AfterEach
  void close() {
    journal.ifPresent(Journal::close);
  }

  private NeededContent asking(Set<Digest> contents) {
    return new NeededContent(journal.orElseThrow(), contents::contains, needed::add);
  }

  private static Digest digest(int number) {
    return Digest.ofHex(String.format("%064x", number));
  }

  private static Entry file(int number) {
    return new Entry.File(digest(number), 1);
  }

  private static RelativePath path(int number) {
    return RelativePath.of(String.format("p%06d", number));
  }

  private static JournalWrite conflict(int number) {
    Dot winner = new Dot(ONE, number);
    Dot loser = new Dot(TWO, number);
    Siblings<Entry> contents =
        Siblings.<Entry>none()
            .with(Element.written(winner, file(0), 2, List.of()))
            .with(Element.written(loser, file(number), 1, List.of()));
    Record record =
        new Record(
            VersionVector.EMPTY.with(winner).with(loser),
            contents,
            Siblings.none(),
            Siblings.none());
    return new JournalWrite.PutRecord(
        path(number), new RecordState(record, number, Optional.empty(), 0, List.of()));
  }

  private static JournalWrite shown(int number, Entry entry) {
    Attributes attributes = new Attributes(entry.type(), 0644, WEB, WEB);
    return new JournalWrite.PutMaterialised(
        path(number),
        new Materialised(
            new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0),
            new Target(entry, Instant.EPOCH, attributes),
            attributes,
            Knowledge.NONE));
  }

  @Test
  void loserIsNeededHoweverManyConflictsThereAre() {
    List<JournalWrite> writes = new ArrayList<>();
    for (int number = 1; number <= CONFLICTS; number++) {
      writes.add(conflict(number));
    }
    journal.orElseThrow().append(writes);

    asking(Set.of(digest(CONFLICTS), digest(CONFLICTS + 1))).readRecords();

    assertEquals(Set.of(digest(CONFLICTS)), needed);
  }

  @Test
  void contentThatStandsUnderItsNameIsNotNeededInTheVaultToo() {
    journal.orElseThrow().append(List.of(conflict(1), shown(1, file(0))));

    asking(Set.of(digest(0), digest(1))).readRecords();

    assertEquals(Set.of(digest(1)), needed);
  }

  @Test
  void conflictThatCameWhileTheRecordsWereReadCounts() {
    journal.orElseThrow().append(List.of(conflict(1)));
    NeededContent contents = asking(Set.of(digest(2)));
    contents.readRecords();
    journal.orElseThrow().append(List.of(conflict(2)));

    contents.readChanges(1);

    assertEquals(Set.of(digest(2)), needed);
  }
}
