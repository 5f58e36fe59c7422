package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.journal.RocksJournal;
import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
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
import dev.replicator.vault.Bounds;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep of a vault on this disk, of versions that a journal knows. */
class VaultSweepTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final int BLOCK = 4_096;
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final RelativePath LOG = RelativePath.of("log");
  private static final RelativePath PHOTO = RelativePath.of("photo");
  private static final Principal WEB = new Principal("www-data", 33);

  @TempDir Path directory;
  private final SetClock clock = new SetClock();
  private Optional<Journal> opened = Optional.empty();
  private Optional<Vault> vault = Optional.empty();
  private long change;

  @BeforeEach
  void open() throws Exception {
    opened = Optional.of(RocksJournal.open(directory.resolve("journal")));
    vault = Optional.of(Vault.open(directory.resolve("vault"), clock));
  }

  @AfterEach
  void close() {
    opened.ifPresent(Journal::close);
  }

  private Journal journal() {
    return opened.orElseThrow();
  }

  private Vault vault() {
    return vault.orElseThrow();
  }

  private static Digest digest(int number) {
    return Digest.ofHex(String.format("%08x", number * 0x9e37_79b9) + "00".repeat(28));
  }

  private void left(RelativePath path, int number) throws IOException {
    vault().put(digest(number), channel -> channel.write(ByteBuffer.allocate(BLOCK)));
    leaves(path, number);
  }

  private void leaves(RelativePath path, int number) {
    Entry file = new Entry.File(digest(number), BLOCK);
    Attributes attributes = new Attributes(file.type(), 0644, WEB, WEB);
    journal()
        .append(
            List.of(
                new JournalWrite.PutHistory(
                    new HistoryItem(
                        path,
                        clock.wallMillis(),
                        0,
                        new Dot(ONE, number + 1),
                        new Target(file, Instant.EPOCH, attributes),
                        HistoryItem.Reason.REPLACED))));
  }

  private void busyLog() throws IOException {
    clock.step(24 * HOUR);
    for (int number = 100; number < 160; number++) {
      left(LOG, number);
      clock.step(4_000);
    }
  }

  /** Some path holds it, and something else shows. */
  private void need(int number) {
    Dot winner = new Dot(ONE, 1_000 + number);
    Dot loser = new Dot(new ReplicaId(2), 1_000 + number);
    Siblings<Entry> contents =
        Siblings.<Entry>none()
            .with(Element.written(winner, new Entry.File(digest(-1), 1), 2, List.of()))
            .with(Element.written(loser, new Entry.File(digest(number), 1), 1, List.of()));
    change++;
    journal()
        .append(
            List.of(
                new JournalWrite.PutRecord(
                    RelativePath.of("conflict" + number),
                    new RecordState(
                        new Record(
                            VersionVector.EMPTY.with(winner).with(loser),
                            contents,
                            Siblings.none(),
                            Siblings.none()),
                        change,
                        Optional.empty(),
                        0,
                        List.of()))));
  }

  private VaultSweep chosen(int blocks) throws IOException {
    VaultSweep sweep = new VaultSweep(journal(), vault(), change);
    Instant now = Instant.ofEpochMilli(clock.wallMillis());
    sweep.choose(new Bounds(now, Duration.ofDays(7), (long) blocks * BLOCK));
    return sweep;
  }

  /** Which of the log's versions go depends on the time of day, for they stand at its marks. */
  private int someThatIsDue() throws IOException {
    int number = 101;
    while (vault().keeps(digest(number))) {
      number++;
    }
    assertTrue(vault().holds(digest(number)));
    return number;
  }

  private void finish(VaultSweep sweep) throws IOException {
    sweep.end();
    sweep.forgotten(page -> {
      try {
        journal().append(sweep.drops(page));
      } catch (IOException failure) {
        throw new AssertionError(failure);
      }
    });
  }

  @Test
  void leavesAPhotoOfYesterdayBesideABusyLog() throws Exception {
    left(PHOTO, 1);
    busyLog();

    VaultSweep sweep = chosen(32);
    assertEquals(31, sweep.confirm(List.of()).size());
    finish(sweep);

    assertTrue(vault().holds(digest(1)));
    assertEquals(1, journal().history(PHOTO, 9).size());
    assertEquals(29, journal().history(LOG, 99).size());
    for (HistoryItem item : journal().history(LOG, 99)) {
      assertTrue(vault().holds(item.version().entry().content().orElseThrow()));
    }
  }

  /** Its content came when it lost, and was needed until somebody chose another one for good. */
  @Test
  void keepsForAWeekWhatWasResolvedHoweverLongAgoItCame() throws Exception {
    vault().put(digest(1), channel -> channel.write(ByteBuffer.allocate(BLOCK)));
    clock.step(30 * 24 * HOUR);
    leaves(PHOTO, 1);

    clock.step(6 * 24 * HOUR);
    assertEquals(List.of(), List.copyOf(chosen(100).confirm(List.of())));
    clock.step(2 * 24 * HOUR);
    assertEquals(List.of(digest(1)), List.copyOf(chosen(100).confirm(List.of())));
  }

  @Test
  void leavesWhatAConflictNeedsAndDoesNotCountIt() throws Exception {
    for (int number = 1; number <= 20; number++) {
      left(RelativePath.of("f" + number), number);
      need(number);
    }
    left(PHOTO, 30);

    VaultSweep sweep = chosen(1);

    assertEquals(List.of(), List.copyOf(sweep.confirm(List.of())));
    finish(sweep);
    assertTrue(vault().holds(digest(30)));
  }

  @Test
  void leavesWhatAConflictNeedsThatCameMeanwhile() throws Exception {
    busyLog();
    VaultSweep sweep = chosen(16);
    int due = someThatIsDue();
    need(due);

    assertFalse(sweep.confirm(List.of()).contains(digest(due)));
    finish(sweep);

    assertTrue(vault().keeps(digest(due)));
    assertTrue(
        journal().history(LOG, 99).stream()
            .anyMatch(item -> item.version().entry().content().equals(Optional.of(digest(due)))));
  }

  @Test
  void remembersAVersionWhoseContentCameAgainMeanwhile() throws Exception {
    busyLog();
    VaultSweep sweep = chosen(16);
    int due = someThatIsDue();
    sweep.confirm(List.of());
    left(PHOTO, due);
    finish(sweep);

    assertTrue(vault().holds(digest(due)));
    assertEquals(1, journal().history(PHOTO, 9).size());
  }

  /** Who does not approve them may want what is here of them. */
  @Test
  void whatIsOfAHeldDeletionStays() throws IOException {
    left(PHOTO, 1);
    left(LOG, 2);
    clock.step(8 * 24 * HOUR);
    Entry photo = new Entry.File(digest(1), BLOCK);
    Target shown = new Target(photo, Instant.EPOCH, new Attributes(photo.type(), 0644, WEB, WEB));
    journal()
        .append(
            List.of(
                new JournalWrite.PutMaterialised(
                    PHOTO,
                    new Materialised(
                        new Stamp(1, 1, 0, 0, 0, 0, 0, 0, 0),
                        shown,
                        Target.NO_ATTRIBUTES,
                        Knowledge.NONE))));

    VaultSweep sweep = chosen(100);
    assertEquals(List.of(digest(2)), List.copyOf(sweep.confirm(List.of(PHOTO))));
    sweep.end();
    assertTrue(vault().holds(digest(1)));
  }
}
