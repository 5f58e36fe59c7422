package dev.replicator.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.InvariantViolation;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Journal;
import dev.replicator.port.JournalContract;
import dev.replicator.port.JournalSnapshot;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class RocksJournalTest extends JournalContract {
  private static final Comparator<FileKey> BY_INODE =
      Comparator.comparingLong(FileKey::device).thenComparing(FileKey::inode);

  private static final int LARGE_TABLE_BYTES = 50_000;

  @TempDir private Path state;

  private Path directory() {
    return state.resolve("root").resolve("journal");
  }

  @Override
  protected Journal openNew() throws IOException {
    return RocksJournal.open(directory());
  }

  @Override
  protected Journal reopen(Journal journal) throws IOException {
    return RocksJournal.open(directory());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void answersLikeTheFakeAfterArbitraryAppends(long seed) throws IOException {
    Simulation simulation = new Simulation(seed);
    FakeJournal fake = new FakeJournal();
    Path other = state.resolve("other");
    for (int round = 0; round < 4; round++) {
      try (RocksJournal journal = RocksJournal.open(other)) {
        for (int index = 0; index < 150; index++) {
          List<JournalWrite> writes = simulation.writes();
          journal.append(writes);
          fake.append(writes);
        }
        assertEquals(JournalSnapshot.of(fake), JournalSnapshot.of(journal), "seed " + seed);
        compareReads(fake, journal, new Values(new SplittableRandom(seed)));
      }
    }
  }

  /** Its machine was copied: what it says of its writes another one says of others. */
  @Test
  void beginsAnewWhereItWasAbandoned() throws IOException {
    Path copied = state.resolve("copied").resolve("journal");
    for (int times = 0; times < 2; times++) {
      try (RocksJournal journal = RocksJournal.open(copied)) {
        assertEquals(JournalSnapshot.of(new FakeJournal()), JournalSnapshot.of(journal));
        journal.append(new Simulation(times).writes());
        journal.abandon();
      }
      assertTrue(Files.exists(copied.resolve("ABANDONED")));
    }
    try (RocksJournal journal = RocksJournal.open(copied)) {
      assertEquals(JournalSnapshot.of(new FakeJournal()), JournalSnapshot.of(journal));
    }
    assertTrue(Files.exists(copied.resolveSibling("journal-abandoned").resolve("CURRENT")));
  }

  private static void compareReads(Journal fake, Journal journal, Values values) {
    for (int index = 0; index < 200; index++) {
      RelativePath path = values.path();
      assertEquals(fake.tracesIn(path, path, 9), journal.tracesIn(path, path, 9));
      assertEquals(fake.history(path, 3), journal.history(path, 3));
      assertEquals(fake.recordsAfter(path, 3), journal.recordsAfter(path, 3));
      assertEquals(fake.intent(path), journal.intent(path));
      long number = values.random().nextInt(300);
      assertEquals(fake.changesAfter(number, 3), journal.changesAfter(number, 3));
      assertEquals(fake.historyBefore(number, 3), journal.historyBefore(number, 3));
      Optional<HistoryItem> item = fake.historyBefore(number, 9).stream().findAny();
      assertEquals(fake.historyAfter(item, 3), journal.historyAfter(item, 3));
      assertEquals(
          fake.historyBelow(path, Optional.empty(), 3),
          journal.historyBelow(path, Optional.empty(), 3));
    }
    assertEquals(
        fake.tracesIn(RelativePath.ROOT, RelativePath.ROOT, 99),
        journal.tracesIn(RelativePath.ROOT, RelativePath.ROOT, 99));
  }

  @Test
  void isForItsOwnerAlone() throws IOException {
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())));
  }

  @Test
  void refusesASecondOpening() {
    JournalLockedException refusal =
        assertThrows(JournalLockedException.class, () -> RocksJournal.open(directory()));
    assertSays(directory().toString(), refusal);
  }

  @Test
  void refusesAJournalThatAnotherProcessHasOpen() throws Exception {
    Path other = state.resolve("held");
    RocksJournal.open(other).close();
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                JournalHolder.class.getName(),
                other.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('o', holder.getInputStream().read());
      assertThrows(JournalLockedException.class, () -> RocksJournal.open(other));
    } finally {
      holder.destroyForcibly();
      assertTrue(holder.waitFor(1, TimeUnit.MINUTES));
    }
    try (RocksJournal journal = RocksJournal.open(other)) {
      assertTrue(journal.record(RelativePath.of("appended")).isPresent());
    }
  }

  @Test
  void refusesTwoAppendsAtOnce() {
    try (RocksJournal journal = RocksJournal.open(state.resolve("twice"))) {
      List<JournalWrite> appendsItself =
          new AbstractList<>() {
            @Override
            public JournalWrite get(int index) {
              journal.append(List.of());
              return new JournalWrite.CollectRecord(RelativePath.of("a"));
            }

            @Override
            public int size() {
              return 1;
            }
          };
      assertThrows(InvariantViolation.class, () -> journal.append(appendsItself));
      journal.append(List.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void answersReadersWhileItIsWrittenAndClosed() throws Exception {
    RocksJournal journal = RocksJournal.open(state.resolve("busy"));
    CountDownLatch started = new CountDownLatch(3);
    try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
      List<Future<?>> reads = new ArrayList<>();
      for (int index = 0; index < 3; index++) {
        reads.add(
            readers.submit(() -> {
              started.countDown();
              assertThrows(InvariantViolation.class, () -> readForEver(journal));
            }));
      }
      started.await();
      try (journal) {
        new Simulation(5).run(journal, 500);
      }
      for (Future<?> read : reads) {
        read.get();
      }
    }
  }

  private static void readForEver(RocksJournal journal) {
    while (true) {
      for (var change : journal.changesAfter(0, 50)) {
        assertTrue(change.getValue().number() > 0);
      }
      journal.tracesIn(RelativePath.ROOT, RelativePath.ROOT, 9);
      journal.historyBefore(20, 10);
    }
  }

  /** The log as a power cut may leave it: its end missing, or zeros where data should be. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void keepsAPrefixWhenTheLogIsTorn(int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path torn = state.resolve("torn");
    List<JournalSnapshot> prefixes = new ArrayList<>();
    Simulation simulation = new Simulation(seed);
    try (RocksJournal journal = RocksJournal.open(torn)) {
      prefixes.add(JournalSnapshot.of(journal));
      for (int index = 0; index < 60; index++) {
        journal.append(simulation.writes());
        prefixes.add(JournalSnapshot.of(journal));
      }
    }
    tear(log(torn), random);
    JournalSnapshot left;
    try (RocksJournal journal = RocksJournal.open(torn)) {
      left = JournalSnapshot.of(journal);
      assertTrue(prefixes.contains(left), "not a prefix, seed " + seed);
      assertFalse(prefixes.getLast().equals(left), "nothing was torn, seed " + seed);
      journal.append(simulation.writes());
      left = JournalSnapshot.of(journal);
    }
    try (RocksJournal journal = RocksJournal.open(torn)) {
      assertEquals(left, JournalSnapshot.of(journal));
    }
  }

  private static void tear(Path log, SplittableRandom random) throws IOException {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      long size = channel.size();
      long place = size / 4 + random.nextLong(size / 2);
      if (random.nextBoolean()) {
        channel.truncate(place);
      } else {
        channel.write(ByteBuffer.allocate((int) Math.min(4_096, size - place)), place);
      }
    }
  }

  private static Path log(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(Comparator.comparing(Path::getFileName))
          .orElseThrow();
    }
  }

  @Test
  void refusesADamagedManifest() throws IOException {
    Path damaged = filled("damaged");
    try (Stream<Path> files = Files.list(damaged)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("MANIFEST-")) {
          Files.write(file, new byte[100]);
        }
      }
    }
    assertCorrupt(damaged);
  }

  @Test
  void refusesAJournalWhoseManifestIsMissing() throws IOException {
    Path damaged = filled("missing");
    Files.delete(damaged.resolve("CURRENT"));
    assertCorrupt(damaged);
  }

  @Test
  void refusesAJournalWithoutOneOfItsTables() throws IOException, RocksDBException {
    Path damaged = filled("tables");
    flush(damaged);
    Files.delete(table(damaged));
    assertCorrupt(damaged);
  }

  private static List<ColumnFamilyDescriptor> families() {
    return Arrays.stream(Family.values())
        .map(family -> new ColumnFamilyDescriptor(family.label()))
        .toList();
  }

  /** One that the manifest names: what was being written when a journal closed it does not. */
  private static Path table(Path directory) throws RocksDBException {
    try (DBOptions options = new DBOptions();
        RocksDB database =
            RocksDB.openReadOnly(options, directory.toString(), families(), new ArrayList<>())) {
      String name = database.getLiveFilesMetaData().getFirst().fileName();
      return directory.resolve(name.replace("/", ""));
    }
  }

  @Test
  void tellsOfADamagedTableInsteadOfReadingIt() throws IOException {
    Path damaged = filled("bits");
    flush(damaged);
    try (Stream<Path> files = Files.list(damaged)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        // The first half of a large table is data; small ones are of other families.
        int end = bytes.length < LARGE_TABLE_BYTES ? 0 : bytes.length / 2;
        for (int place = 100; place < end; place += 1_000) {
          bytes[place] ^= 4;
        }
        Files.write(file, bytes);
      }
    }
    assertThrows(
        UncheckedIOException.class,
        () -> {
          try (RocksJournal journal = RocksJournal.open(damaged)) {
            Values values = new Values(new SplittableRandom(1));
            for (int index = 0; index < 3_000; index++) {
              journal.chunks(Digest.of(values.bytes(32).toArray()));
              values.bytes(32);
            }
          }
        });
  }

  /** Larger than all write buffers: tables come into being. */
  private static void flush(Path directory) throws IOException {
    Values values = new Values(new SplittableRandom(1));
    try (RocksJournal journal = RocksJournal.open(directory)) {
      for (int index = 0; index < 3_000; index++) {
        journal.append(
            List.of(
                new JournalWrite.PutChunks(
                    Digest.of(values.bytes(32).toArray()),
                    new ChunkList(
                        Collections.nCopies(
                            400, new Chunk.Data(Digest.of(values.bytes(32).toArray()), 9))))));
      }
    }
  }

  private Path filled(String name) throws IOException {
    Path directory = state.resolve(name);
    try (RocksJournal journal = RocksJournal.open(directory)) {
      new Simulation(1).run(journal, 50);
      journal.sync();
    }
    return directory;
  }

  private static void assertCorrupt(Path directory) {
    JournalCorruptException refusal =
        assertThrows(JournalCorruptException.class, () -> RocksJournal.open(directory));
    assertSays(directory.toString(), refusal);
    assertSays("move this directory aside", refusal);
  }

  private static void assertSays(String words, IOException refusal) {
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(words), message);
  }

  @Test
  void refusesAJournalOfANewerRelease() throws Exception {
    Path newer = filled("newer");
    try (Store store = new Opening(newer).open();
        Store.Writes writes = store.new Writes()) {
      writes.put(Family.META, Opening.FORMAT_KEY, Keys.number(Opening.FORMAT + 1));
      store.write(writes);
    }
    JournalFormatException refusal =
        assertThrows(JournalFormatException.class, () -> RocksJournal.open(newer));
    assertSays("format " + (Opening.FORMAT + 1), refusal);
  }

  @Test
  void refusesAJournalOfANewerReleaseThatHasMoreFamilies() throws Exception {
    Path newer = filled("more");
    try (Store store = new Opening(newer).open();
        Store.Writes writes = store.new Writes()) {
      writes.put(Family.META, Opening.FORMAT_KEY, Keys.number(Opening.FORMAT + 1));
      store.write(writes);
    }
    try (DBOptions options = new DBOptions();
        RocksDB database = RocksDB.open(options, newer.toString(), families(), new ArrayList<>())) {
      database
          .createColumnFamily(new ColumnFamilyDescriptor("later".getBytes(StandardCharsets.UTF_8)))
          .close();
    }
    JournalFormatException refusal =
        assertThrows(JournalFormatException.class, () -> RocksJournal.open(newer));
    assertSays("format " + (Opening.FORMAT + 1), refusal);
  }

  @Test
  void refusesAJournalOfAnOlderReleaseAndSaysWhatToDo() throws Exception {
    Path older = filled("older");
    try (Store store = new Opening(older).open();
        Store.Writes writes = store.new Writes()) {
      writes.put(Family.META, Opening.FORMAT_KEY, Keys.number(1));
      writes.put(Family.META, Counts.KEY, new byte[2 * Long.BYTES]);
      store.write(writes);
    }
    JournalFormatException refusal =
        assertThrows(JournalFormatException.class, () -> RocksJournal.open(older));
    assertSays(older.toString(), refusal);
    assertSays("format 1", refusal);
    assertSays("format " + Opening.FORMAT, refusal);
    assertSays("older release", refusal);
    assertSays("move this directory aside", refusal);
  }

  /** The release that wrote it can still open it: a family that it does not know would stop it. */
  @Test
  void addsNothingToAJournalOfAnOlderRelease() throws Exception {
    Path older = Files.createDirectory(state.resolve("fewer"));
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB database = RocksDB.open(options, older.toString())) {
      database.put(Opening.FORMAT_KEY, Keys.number(1));
    }
    JournalFormatException refusal =
        assertThrows(JournalFormatException.class, () -> RocksJournal.open(older));
    assertSays("older release", refusal);
    try (Options options = new Options()) {
      assertEquals(1, RocksDB.listColumnFamilies(options, older.toString()).size());
    }
  }

  /** Families come one after the other, and the format at last. */
  @Test
  void goesOnWhereACreationWasInterruptedBetweenItsFamilies() throws Exception {
    Path interrupted = Files.createDirectory(state.resolve("begun"));
    try (Options options = new Options().setCreateIfMissing(true)) {
      RocksDB.open(options, interrupted.toString()).close();
    }
    try (RocksJournal journal = RocksJournal.open(interrupted)) {
      assertTrue(journal.root().isEmpty());
    }
  }

  @Test
  void refusesADirectoryOfSomethingElse() throws IOException, RocksDBException {
    Path files = Files.createDirectory(state.resolve("files"));
    Files.writeString(files.resolve("index.php"), "<?php");
    assertThrows(JournalFormatException.class, () -> RocksJournal.open(files));

    Path foreign = state.resolve("foreign");
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB database = RocksDB.open(options, foreign.toString())) {
      database.put(new byte[1], new byte[1]);
    }
    assertThrows(JournalFormatException.class, () -> RocksJournal.open(foreign));
  }

  @Test
  void beginsAnewWhereACreationWasInterrupted() throws IOException {
    Path interrupted = Files.createDirectory(state.resolve("interrupted"));
    Files.createFile(interrupted.resolve("LOCK"));
    Files.createFile(interrupted.resolve("000001.dbtmp"));
    try (RocksJournal journal = RocksJournal.open(interrupted)) {
      assertTrue(journal.root().isEmpty());
    }
  }
}
