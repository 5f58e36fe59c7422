package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.InvariantViolation;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Principal;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Target;
import dev.replicator.model.Trace;
import dev.replicator.simulation.Values;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every journal does. */
public abstract class JournalContract extends RecordRangesContract {
  /**
   * In the order of paths: '-' and '.' stand before '/', what lies below "a" does not stand alone.
   */
  private static final List<RelativePath> PATHS =
      Stream.of("\n", "a", "a-b", "a-b/x", "a.b", "a/\n", "a/x", "a/x-y", "a/x/y", "a0", "b")
          .map(RelativePath::of)
          .toList();

  private static final RelativePath HIGH =
      RelativePath.of(new byte[] {'b', '/', (byte) 0xff, (byte) 0xff});

  private final Values values = new Values(new SplittableRandom(42));
  private final Entry file = new Entry.File(values.digest(), 1);
  private Journal journal;

  /** A journal in which nothing was written yet. */
  protected abstract Journal openNew() throws IOException;

  /** What the next start finds after {@code journal} was closed. */
  protected abstract Journal reopen(Journal journal) throws IOException;

  @BeforeEach
  void open() throws IOException {
    journal = openNew();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Override
  final Journal journal() {
    return journal;
  }

  private void append(JournalWrite... writes) {
    journal.append(List.of(writes));
  }

  private RecordState put(RelativePath path, long number) {
    RecordState state = values.recordState(number);
    append(new JournalWrite.PutRecord(path, state));
    return state;
  }

  private Materialised materialise(RelativePath path, Entry entry) {
    Target target =
        entry.isPresent()
            ? new Target(entry, values.instant(), values.attributes(entry.type()))
            : Target.ABSENT;
    Materialised materialised =
        new Materialised(values.stamp(), target, target.attributes(), Knowledge.NONE);
    append(new JournalWrite.PutMaterialised(path, materialised));
    return materialised;
  }

  @Test
  void isEmptyWhenNew() {
    RelativePath path = PATHS.getFirst();
    assertEquals(Optional.empty(), journal.root());
    assertEquals(Optional.empty(), journal.record(path));
    assertEquals(Optional.empty(), journal.materialised(path));
    assertEquals(Optional.empty(), journal.intent(path));
    assertEquals(Optional.empty(), journal.pending(path));
    assertEquals(Optional.empty(), journal.chunks(values.digest()));
    assertTrue(journal.recordsAfter(RelativePath.ROOT, 10).isEmpty());
    assertTrue(journal.changesAfter(0, 10).isEmpty());
    assertTrue(journal.materialisedAfter(RelativePath.ROOT, 10).isEmpty());
    assertTrue(journal.tracesIn(RelativePath.ROOT, RelativePath.ROOT, 9).isEmpty());
    assertTrue(journal.intents().isEmpty());
    assertTrue(journal.displaced().isEmpty());
    assertTrue(journal.pendingAfter(RelativePath.ROOT, 10).isEmpty());
    assertTrue(journal.peers().isEmpty());
    assertTrue(journal.history(path, 10).isEmpty());
    assertTrue(journal.historyBefore(Long.MAX_VALUE, 10).isEmpty());
    assertEquals(0, journal.materialisedCount());
    assertEquals(0, journal.pendingCount());
  }

  @Test
  void keepsTheLatestRoot() {
    RootState first = values.rootState();
    RootState second = values.rootState();
    append(new JournalWrite.PutRoot(first));
    assertEquals(Optional.of(first), journal.root());
    append(new JournalWrite.PutRoot(second));
    assertEquals(Optional.of(second), journal.root());
  }

  @Test
  void listsRecordsInTheOrderOfPaths() {
    TreeMap<RelativePath, RecordState> expected = new TreeMap<>();
    long number = 1;
    for (RelativePath path : PATHS.reversed()) {
      expected.put(path, put(path, number++));
    }
    expected.put(HIGH, put(HIGH, number));
    assertEquals(expected, journal.recordsAfter(RelativePath.ROOT, 100));
    assertEquals(
        PATHS, List.copyOf(journal.recordsAfter(RelativePath.ROOT, PATHS.size()).keySet()));
    for (RelativePath path : PATHS) {
      assertEquals(expected.tailMap(path, false), journal.recordsAfter(path, 100));
      assertEquals(expected.get(path), journal.record(path).orElseThrow());
    }
    assertTrue(journal.recordsAfter(HIGH, 100).isEmpty());
    assertTrue(journal.recordsAfter(RelativePath.ROOT, 0).isEmpty());
  }

  @Test
  void startsAfterPathsThatAreNotThere() {
    put(RelativePath.of("a/x"), 1);
    assertEquals(1, journal.recordsAfter(RelativePath.of("a"), 9).size());
    assertEquals(1, journal.recordsAfter(RelativePath.of("a-"), 9).size());
    assertEquals(0, journal.recordsAfter(RelativePath.of("a0"), 9).size());
  }

  @Test
  void keepsARecordOfTheRootItself() {
    RecordState state = put(RelativePath.ROOT, 1);
    materialise(RelativePath.ROOT, Entry.DIRECTORY);
    assertEquals(Optional.of(state), journal.record(RelativePath.ROOT));
    assertEquals(List.of(Map.entry(RelativePath.ROOT, state)), journal.changesAfter(0, 9));
    assertTrue(journal.recordsAfter(RelativePath.ROOT, 9).isEmpty());
    assertTrue(journal.tracesIn(RelativePath.ROOT, RelativePath.ROOT, 9).isEmpty());
  }

  @Test
  void listsChangesInTheOrderOfNumbers() {
    RecordState second = put(PATHS.get(0), 200);
    RecordState first = put(PATHS.get(1), 7);
    RecordState third = put(PATHS.get(2), Long.MAX_VALUE);
    assertEquals(
        List.of(
            Map.entry(PATHS.get(1), first),
            Map.entry(PATHS.get(0), second),
            Map.entry(PATHS.get(2), third)),
        journal.changesAfter(0, 9));
    assertEquals(List.of(Map.entry(PATHS.get(0), second)), journal.changesAfter(7, 1));
    assertEquals(List.of(Map.entry(PATHS.get(2), third)), journal.changesAfter(200, 9));
    assertEquals(List.of(), journal.changesAfter(Long.MAX_VALUE, 9));
  }

  @Test
  void forgetsTheNumberOfAReplacedRecord() {
    put(PATHS.get(0), 1);
    RecordState other = put(PATHS.get(1), 2);
    RecordState replaced = put(PATHS.get(0), 3);
    assertEquals(
        List.of(Map.entry(PATHS.get(1), other), Map.entry(PATHS.get(0), replaced)),
        journal.changesAfter(0, 9));
    assertEquals(Optional.of(replaced), journal.record(PATHS.get(0)));
  }

  @Test
  void keepsOneNumberWhenARecordIsReplacedWithinOneAppend() {
    RelativePath path = PATHS.get(0);
    RecordState last = values.recordState(4);
    append(
        new JournalWrite.PutRecord(path, values.recordState(1)),
        new JournalWrite.PutRecord(path, values.recordState(2)),
        new JournalWrite.CollectRecord(path),
        new JournalWrite.PutRecord(path, values.recordState(3)),
        new JournalWrite.PutRecord(path, last));
    assertEquals(List.of(Map.entry(path, last)), journal.changesAfter(0, 9));
  }

  @Test
  void replacesARecordUnderItsOwnNumber() {
    put(PATHS.get(0), 1);
    put(PATHS.get(1), 2);
    RecordState again = put(PATHS.get(0), 1);
    assertEquals(Map.entry(PATHS.get(0), again), journal.changesAfter(0, 9).getFirst());
    assertEquals(2, journal.changesAfter(0, 9).size());
  }

  @Test
  void forgetsACollectedRecord() {
    put(PATHS.get(0), 1);
    append(new JournalWrite.CollectRecord(PATHS.get(0)));
    append(new JournalWrite.CollectRecord(PATHS.get(1)));
    assertEquals(Optional.empty(), journal.record(PATHS.get(0)));
    assertTrue(journal.changesAfter(0, 9).isEmpty());
    assertTrue(journal.recordsAfter(RelativePath.ROOT, 9).isEmpty());
  }

  @Test
  void refusesTwoRecordsWithOneNumber() {
    put(PATHS.get(0), 1);
    put(PATHS.get(1), 2);
    RecordState third = values.recordState(3);
    assertThrows(InvariantViolation.class, () -> put(PATHS.get(2), 1));
    assertThrows(
        InvariantViolation.class,
        () ->
            append(
                new JournalWrite.PutRecord(PATHS.get(3), third),
                new JournalWrite.PutRecord(PATHS.get(4), third)));
    assertThrows(InvariantViolation.class, () -> put(PATHS.get(5), 0));
    assertEquals(2, journal.changesAfter(0, 9).size());
  }

  @Test
  void appendsNothingOfARefusedList() {
    put(PATHS.get(0), 1);
    Pending pending = values.pending();
    assertThrows(
        InvariantViolation.class,
        () ->
            append(
                new JournalWrite.PutPending(PATHS.get(1), pending),
                new JournalWrite.CollectRecord(PATHS.get(0)),
                new JournalWrite.PutRecord(PATHS.get(1), values.recordState(0))));
    assertEquals(0, journal.pendingCount());
    assertEquals(Optional.empty(), journal.pending(PATHS.get(1)));
    assertEquals(1, journal.changesAfter(0, 9).size());
  }

  @Test
  void listsTheChildrenOfADirectoryAndNotTheirs() {
    TreeMap<RelativePath, Materialised> all = new TreeMap<>();
    for (RelativePath path : PATHS) {
      all.put(path, materialise(path, file));
    }
    all.put(HIGH, materialise(HIGH, file));
    all.put(RelativePath.of("c/d/e"), materialise(RelativePath.of("c/d/e"), file));
    for (String parent : List.of("", "a", "a-b", "a/x", "b", "c", "c/d", "none", "a/x/y")) {
      RelativePath directory = RelativePath.of(parent);
      TreeMap<RelativePath, Trace> expected = new TreeMap<>();
      all.forEach((path, materialised) -> expected.put(path, materialised.trace()));
      expected.keySet().removeIf(path -> !path.parent().equals(directory));
      assertEquals(expected, journal.tracesIn(directory, directory, 100), parent);
      RelativePath after = directory;
      for (RelativePath next : expected.keySet()) {
        assertEquals(next, journal.tracesIn(directory, after, 1).firstKey());
        after = next;
      }
    }
    assertEquals(all, journal.materialisedAfter(RelativePath.ROOT, 100));
    assertEquals(2, journal.materialisedAfter(RelativePath.of("a"), 2).size());
    assertEquals(all.get(HIGH), journal.materialised(HIGH).orElseThrow());
  }

  @Test
  void countsWhatIsMaterialisedAsPresent() {
    materialise(PATHS.get(0), file);
    materialise(PATHS.get(0), Entry.DIRECTORY);
    materialise(PATHS.get(1), Entry.ABSENT);
    assertEquals(1, journal.materialisedCount());
    materialise(PATHS.get(1), file);
    assertEquals(2, journal.materialisedCount());
    materialise(PATHS.get(1), Entry.ABSENT);
    append(new JournalWrite.DropMaterialised(PATHS.get(2)));
    assertEquals(1, journal.materialisedCount());
    append(
        new JournalWrite.DropMaterialised(PATHS.get(0)),
        new JournalWrite.DropMaterialised(PATHS.get(0)),
        new JournalWrite.DropMaterialised(PATHS.get(1)));
    assertEquals(0, journal.materialisedCount());
    assertTrue(journal.materialisedAfter(RelativePath.ROOT, 9).isEmpty());
  }

  @Test
  void keepsIntentsUntilTheyAreDropped() {
    Intent first = values.intent();
    Intent second = values.intent();
    append(
        new JournalWrite.PutIntent(PATHS.get(1), first),
        new JournalWrite.PutIntent(PATHS.get(0), first),
        new JournalWrite.PutIntent(PATHS.get(0), second));
    assertEquals(Map.of(PATHS.get(0), second, PATHS.get(1), first), journal.intents());
    assertEquals(Optional.of(second), journal.intent(PATHS.get(0)));
    append(new JournalWrite.DropIntent(PATHS.get(0)), new JournalWrite.DropIntent(PATHS.get(5)));
    assertEquals(Map.of(PATHS.get(1), first), journal.intents());
  }

  @Test
  void keepsDisplacedFilesUntilTheyAreDropped() {
    Displaced first = new Displaced("aa", PATHS.get(1), values.materialised());
    Displaced second = new Displaced("bb", PATHS.get(1), values.materialised());
    append(new JournalWrite.PutDisplaced(second), new JournalWrite.PutDisplaced(first));
    assertEquals(List.of(first, second), journal.displaced());
    append(new JournalWrite.DropDisplaced("aa"), new JournalWrite.DropDisplaced("cc"));
    assertEquals(List.of(second), journal.displaced());
  }

  @Test
  void countsPendingPaths() {
    Pending pending = values.pending();
    append(
        new JournalWrite.PutPending(PATHS.get(0), values.pending()),
        new JournalWrite.PutPending(PATHS.get(0), pending),
        new JournalWrite.PutPending(PATHS.get(2), pending));
    assertEquals(2, journal.pendingCount());
    assertEquals(Optional.of(pending), journal.pending(PATHS.get(0)));
    assertEquals(Map.of(PATHS.get(2), pending), journal.pendingAfter(PATHS.get(0), 9));
    append(
        new JournalWrite.DropPending(PATHS.get(0)),
        new JournalWrite.DropPending(PATHS.get(0)),
        new JournalWrite.PutPending(PATHS.get(2), pending));
    assertEquals(1, journal.pendingCount());
  }

  @Test
  void keepsTheProgressOfPeers() {
    NodeId one = NodeId.of(new byte[32]);
    NodeId other = new NodeId(Digest.ofHex("ff".repeat(32)));
    PeerProgress progress = values.peerProgress();
    append(
        new JournalWrite.PutPeer(other, values.peerProgress()),
        new JournalWrite.PutPeer(one, progress),
        new JournalWrite.PutPeer(other, progress));
    assertEquals(List.of(one, other), List.copyOf(journal.peers().keySet()));
    assertEquals(Map.of(one, progress, other, progress), journal.peers());
  }

  @Test
  void keepsChunkLists() {
    ChunkList chunks = values.chunkList();
    Digest digest = values.digest();
    append(new JournalWrite.PutChunks(digest, chunks));
    append(new JournalWrite.PutChunks(Digest.ofHex("00".repeat(32)), ChunkList.EMPTY));
    assertEquals(Optional.of(chunks), journal.chunks(digest));
    assertEquals(Optional.of(ChunkList.EMPTY), journal.chunks(Digest.ofHex("00".repeat(32))));
  }

  private static HistoryItem left(String path, long millis, long counter) {
    Entry link = new Entry.Symlink(Bytes.copyOf(new byte[] {'t'}));
    Target version =
        new Target(
            link,
            Instant.EPOCH,
            new Attributes(link.type(), 0777, new Principal("", 0), new Principal("", 0)));
    return new HistoryItem(
        RelativePath.of(path),
        millis,
        millis - 1,
        new Dot(new ReplicaId(0x8000_0000_0000_0000L), counter),
        version,
        HistoryItem.Reason.REPLACED);
  }

  @Test
  void listsAndForgetsChunkListsByTheirFiles() {
    List<Digest> files = IntStream.range(0, 9).mapToObj(i -> values.digest()).sorted().toList();
    files.forEach(file -> append(new JournalWrite.PutChunks(file, values.chunkList())));
    Digest none = Digest.ofHex("00".repeat(32));
    assertEquals(files, journal.chunkListsAfter(none, 99));
    assertEquals(files.subList(0, 4), journal.chunkListsAfter(none, 4));
    assertEquals(files.subList(3, 9), journal.chunkListsAfter(files.get(2), 99));
    append(new JournalWrite.DropChunks(files.get(5)), new JournalWrite.DropChunks(none));
    assertEquals(Optional.empty(), journal.chunks(files.get(5)));
    assertEquals(files.subList(6, 9), journal.chunkListsAfter(files.get(4), 99));
  }

  @Test
  void listsVersionsFromTheLatestAndTheirTimesFromTheOldest() {
    HistoryItem oldest = left("a", -1, 9);
    HistoryItem old = left("a", 1_000, 1);
    HistoryItem twin = left("a", 1_000, 2);
    HistoryItem latest = left("a", 2_000, 1);
    HistoryItem below = left("a/x", 1_500, 1);
    HistoryItem beside = left("a-b", 1_000, 1);
    for (HistoryItem item : List.of(latest, twin, below, oldest, beside, old)) {
      append(new JournalWrite.PutHistory(item));
    }
    RelativePath path = RelativePath.of("a");
    assertEquals(List.of(latest, old, twin, oldest), journal.history(path, 9));
    assertEquals(List.of(latest), journal.history(path, 1));
    assertEquals(List.of(below), journal.history(RelativePath.of("a/x"), 9));
    assertEquals(
        List.of(oldest, old, twin, beside, below, latest),
        journal.historyBefore(Long.MAX_VALUE, 9));
    assertEquals(List.of(oldest, old), journal.historyBefore(1_001, 2));
    assertEquals(List.of(oldest), journal.historyBefore(1_000, 9));
    List<HistoryItem> all = journal.historyAfter(Optional.empty(), 9);
    assertEquals(List.of(latest, old, twin, oldest, beside, below), all);
    assertEquals(all.subList(0, 2), journal.historyAfter(Optional.empty(), 2));
    assertEquals(all.subList(2, 5), journal.historyAfter(Optional.of(old), 3));
    assertEquals(List.of(below), journal.historyBelow(path, Optional.empty(), 9));
    assertEquals(List.of(), journal.historyBelow(path, Optional.of(below), 9));
    assertEquals(all, journal.historyBelow(RelativePath.ROOT, Optional.empty(), 9));
    append(new JournalWrite.DropHistory(old), new JournalWrite.DropHistory(left("z", 1, 1)));
    assertEquals(List.of(latest, twin, oldest), journal.history(path, 9));
    assertEquals(List.of(oldest, twin, beside), journal.historyBefore(1_001, 9));
  }

  @Test
  void keepsEverythingWhenReopened() throws IOException {
    new Simulation(7).run(journal, 400);
    JournalSnapshot before = JournalSnapshot.of(journal);
    journal.sync();
    journal.close();
    journal = reopen(journal);
    assertEquals(before, JournalSnapshot.of(journal));
    put(PATHS.get(0), 1_000_000);
    assertEquals(1, journal.changesAfter(999_999, 9).size());
  }

  @Test
  void refusesUseOnceClosed() {
    journal.close();
    journal.close();
    assertThrows(InvariantViolation.class, () -> journal.root());
    assertThrows(InvariantViolation.class, () -> append());
    assertThrows(InvariantViolation.class, journal::sync);
  }

  /** Appends arbitrary lists of writes; counts numbers as a node does. */
  protected static final class Simulation {
    private final Values values;
    private long number;

    public Simulation(long seed) {
      values = new Values(new SplittableRandom(seed));
    }

    public void run(Journal journal, int appends) {
      for (int left = appends; left > 0; left--) {
        journal.append(writes());
      }
    }

    public List<JournalWrite> writes() {
      List<JournalWrite> writes = new ArrayList<>();
      for (int left = 1 + values.random().nextInt(6); left > 0; left--) {
        writes.add(write());
      }
      return writes;
    }

    private JournalWrite write() {
      RelativePath path = values.path();
      HistoryItem item = values.historyItem(path);
      return switch (values.random().nextInt(18)) {
        case 0 -> new JournalWrite.PutRoot(values.rootState());
        case 1, 2, 3 -> new JournalWrite.PutRecord(path, values.recordState(++number));
        case 4 -> new JournalWrite.CollectRecord(path);
        case 5, 6 -> new JournalWrite.PutMaterialised(path, values.materialised());
        case 7 -> new JournalWrite.DropMaterialised(path);
        case 8 -> new JournalWrite.PutIntent(path, values.intent());
        case 9 -> new JournalWrite.DropIntent(path);
        case 10 -> new JournalWrite.PutPending(path, values.pending());
        case 11 -> new JournalWrite.DropPending(path);
        case 12 -> new JournalWrite.PutPeer(values.node(), values.peerProgress());
        case 13 -> new JournalWrite.PutChunks(values.digest(), values.chunkList());
        case 14 -> new JournalWrite.PutHistory(item);
        case 15 -> new JournalWrite.PutDisplaced(values.displaced(path));
        case 16 -> new JournalWrite.DropDisplaced(values.displaced(path).name());
        default -> new JournalWrite.DropHistory(item);
      };
    }
  }
}
