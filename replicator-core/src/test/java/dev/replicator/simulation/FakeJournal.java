package dev.replicator.simulation;

import dev.replicator.codec.CodecException;
import dev.replicator.codec.JournalCodec;
import dev.replicator.codec.RangeDigest;
import dev.replicator.kernel.IndexView;
import dev.replicator.model.Census;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Invariant;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Presence;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.model.Trace;
import dev.replicator.port.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A journal in memory that knows what would be left of it after a crash. An append is in the memory
 * of the "machine" when it returns, and on its "disk" once {@link #sync} returned.
 */
public final class FakeJournal implements Journal, IndexView {
  private final State state;
  private final State synced;
  private final List<List<JournalWrite>> unsynced = new ArrayList<>();
  private boolean closed;
  private boolean abandoned;
  private boolean broken;

  public FakeJournal() {
    this(new State(), new State());
  }

  private FakeJournal(State state, State synced) {
    this.state = state;
    this.synced = synced;
  }

  /** What the next start finds after the process was killed: every append. Ends this journal. */
  public synchronized FakeJournal afterKill() {
    closed = true;
    if (abandoned) {
      return new FakeJournal();
    }
    FakeJournal next = new FakeJournal(state, synced);
    next.unsynced.addAll(unsynced);
    return next;
  }

  /**
   * What the next start finds after the power failed: everything synced, and as many later appends
   * as {@code random} says, from the first on. Ends this journal.
   */
  public synchronized FakeJournal afterPowerCut(RandomGenerator random) {
    closed = true;
    unsynced.subList(random.nextInt(unsynced.size() + 1), unsynced.size()).clear();
    unsynced.forEach(synced::apply);
    return new FakeJournal(synced.copy(), synced);
  }

  /** An image of this journal as it is now, as of a machine that is copied while it runs. */
  public synchronized FakeJournal image() {
    return new FakeJournal(state.copy(), state.copy());
  }

  /** From now on every write and sync fails, as on a disk that died. */
  public synchronized void breakDown() {
    broken = true;
  }

  /** How many appends a power cut may take. */
  public synchronized int unsyncedAppends() {
    return unsynced.size();
  }

  @Override
  public synchronized void append(List<JournalWrite> writes) {
    requireSound();
    state.check(writes);
    List<JournalWrite> copy = List.copyOf(writes);
    state.apply(copy);
    unsynced.add(copy);
  }

  @Override
  public synchronized void sync() {
    requireSound();
    unsynced.forEach(synced::apply);
    unsynced.clear();
  }

  private void requireSound() {
    requireOpen();
    if (broken) {
      throw new UncheckedIOException(new IOException("the disk of the journal broke down"));
    }
  }

  private void requireOpen() {
    Invariant.check(!closed, "a closed journal is not used");
  }

  private State open() {
    requireOpen();
    return state;
  }

  @Override
  public synchronized Optional<RootState> root() {
    return open().root;
  }

  @Override
  public synchronized Optional<RecordState> record(RelativePath path) {
    return Optional.ofNullable(open().records.get(path));
  }

  @Override
  public synchronized SortedMap<RelativePath, RecordState> recordsAfter(
      RelativePath after, int limit) {
    return first(open().records.tailMap(after, false), limit);
  }

  @Override
  public synchronized RecordRange rangeAfter(
      RelativePath after, Optional<RelativePath> through, int limit) {
    RangeDigest digest = new RangeDigest();
    RelativePath last = after;
    int paths = 0;
    for (Map.Entry<RelativePath, RecordState> entry :
        open().records.tailMap(after, false).entrySet()) {
      boolean within = through.isEmpty() || entry.getKey().compareTo(through.get()) <= 0;
      if (paths == limit || !within) {
        break;
      }
      last = entry.getKey();
      paths++;
      add(digest, last, entry.getValue());
    }
    return new RecordRange(last, paths, digest.end());
  }

  private static void add(RangeDigest digest, RelativePath path, RecordState state) {
    try {
      digest.add(path.toArray(), JournalCodec.encode(state));
    } catch (CodecException e) {
      throw new AssertionError("what was encoded is readable", e);
    }
  }

  @Override
  public synchronized List<Map.Entry<RelativePath, RecordState>> changesAfter(
      long number, int limit) {
    return open().changes.tailMap(number, false).values().stream()
        .limit(limit)
        .map(path -> Map.entry(path, state.records.get(path)))
        .toList();
  }

  @Override
  public synchronized Optional<Materialised> materialised(RelativePath path) {
    return Optional.ofNullable(open().materialised.get(path));
  }

  @Override
  public synchronized SortedMap<RelativePath, Materialised> materialisedAfter(
      RelativePath after, int limit) {
    return first(open().materialised.tailMap(after, false), limit);
  }

  @Override
  public synchronized SortedMap<RelativePath, Materialised> materialisedBelow(
      RelativePath directory, RelativePath after, int limit) {
    TreeMap<RelativePath, Materialised> below = new TreeMap<>();
    for (var entry : open().materialised.tailMap(after, false).entrySet()) {
      if (below.size() < limit && entry.getKey().isWithin(directory)) {
        below.put(entry.getKey(), entry.getValue());
      }
    }
    return below;
  }

  @Override
  public synchronized SortedMap<RelativePath, Trace> tracesIn(
      RelativePath directory, RelativePath after, int limit) {
    TreeMap<RelativePath, Trace> children = new TreeMap<>();
    for (var entry : open().materialised.tailMap(after, false).entrySet()) {
      RelativePath path = entry.getKey();
      if (children.size() == limit) {
        break;
      } else if (path.parent().equals(directory)) {
        children.put(path, entry.getValue().trace());
      } else if (!startsWith(path, directory)) {
        break;
      }
    }
    return children;
  }

  /** As bytes: what lies below "a" does not stand together, "a-b" is in between. */
  private static boolean startsWith(RelativePath path, RelativePath prefix) {
    byte[] start = Arrays.copyOf(path.toArray(), prefix.length());
    return Arrays.equals(start, prefix.toArray());
  }

  @Override
  public synchronized List<RelativePath> namesOf(FileKey file, int limit) {
    return open().materialised.entrySet().stream()
        .filter(entry -> entry.getValue().file().equals(Optional.of(file)))
        .map(Map.Entry::getKey)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<RelativePath> pathsOf(Digest content, int limit) {
    return open().materialised.entrySet().stream()
        .filter(entry -> Presence.of(entry.getValue()).content().equals(Optional.of(content)))
        .map(Map.Entry::getKey)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized long materialisedCount() {
    return census().present();
  }

  @Override
  public synchronized Census census() {
    return open().materialised.values().stream().map(Census::of).reduce(Census.NONE, Census::plus);
  }

  @Override
  public synchronized Optional<Intent> intent(RelativePath path) {
    return Optional.ofNullable(open().intents.get(path));
  }

  @Override
  public synchronized SortedMap<RelativePath, Intent> intents() {
    return new TreeMap<>(open().intents);
  }

  @Override
  public synchronized List<Displaced> displaced() {
    return List.copyOf(open().displaced.values());
  }

  @Override
  public synchronized Optional<Pending> pending(RelativePath path) {
    return Optional.ofNullable(open().pending.get(path));
  }

  @Override
  public synchronized SortedMap<RelativePath, Pending> pendingAfter(RelativePath after, int limit) {
    return first(open().pending.tailMap(after, false), limit);
  }

  @Override
  public synchronized long pendingCount() {
    return open().pending.size();
  }

  @Override
  public synchronized SortedMap<NodeId, PeerProgress> peers() {
    return new TreeMap<>(open().peers);
  }

  @Override
  public synchronized Optional<ChunkList> chunks(Digest file) {
    return Optional.ofNullable(open().chunks.get(file));
  }

  @Override
  public synchronized List<Digest> chunkListsAfter(Digest after, int limit) {
    return open().chunks.tailMap(after, false).keySet().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<HistoryItem> history(RelativePath path, int limit) {
    return open().history.values().stream()
        .filter(item -> item.path().equals(path))
        .sorted(
            Comparator.comparingLong(HistoryItem::leftMillis)
                .reversed()
                .thenComparing(HistoryItem::dot))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<HistoryItem> historyAfter(Optional<HistoryItem> after, int limit) {
    Comparator<HistoryItem> order =
        Comparator.comparing(HistoryItem::path)
            .thenComparing(Comparator.comparingLong(HistoryItem::leftMillis).reversed())
            .thenComparing(HistoryItem::dot);
    return open().history.values().stream()
        .sorted(order)
        .filter(item -> after.isEmpty() || order.compare(item, after.get()) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<HistoryItem> historyBelow(
      RelativePath directory, Optional<HistoryItem> after, int limit) {
    return historyAfter(after, Integer.MAX_VALUE).stream()
        .filter(item -> item.path().isWithin(directory) && !item.path().equals(directory))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<HistoryItem> historyBefore(long beforeMillis, int limit) {
    return open().history.values().stream()
        .filter(item -> item.leftMillis() < beforeMillis)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized void abandon() {
    abandoned = true;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private static <T> SortedMap<RelativePath, T> first(
      NavigableMap<RelativePath, T> all, int limit) {
    TreeMap<RelativePath, T> first = new TreeMap<>();
    for (Map.Entry<RelativePath, T> entry : all.entrySet()) {
      if (first.size() >= limit) {
        break;
      }
      first.put(entry.getKey(), entry.getValue());
    }
    return first;
  }

  /** What a journal holds at one time. */
  private static final class State {
    private Optional<RootState> root = Optional.empty();
    private final TreeMap<RelativePath, RecordState> records = new TreeMap<>();
    private final TreeMap<Long, RelativePath> changes = new TreeMap<>();
    private final TreeMap<RelativePath, Materialised> materialised = new TreeMap<>();
    private final TreeMap<RelativePath, Intent> intents = new TreeMap<>();
    private final TreeMap<String, Displaced> displaced = new TreeMap<>();
    private final TreeMap<RelativePath, Pending> pending = new TreeMap<>();
    private final TreeMap<NodeId, PeerProgress> peers = new TreeMap<>();
    private final TreeMap<Digest, ChunkList> chunks = new TreeMap<>();
    private final TreeMap<HistoryItem, HistoryItem> history =
        new TreeMap<>(
            Comparator.comparingLong(HistoryItem::leftMillis)
                .thenComparing(HistoryItem::path)
                .thenComparing(HistoryItem::dot));

    /** Refuses what a journal must not be asked, before any of it is applied. */
    void check(List<JournalWrite> writes) {
      TreeMap<RelativePath, Long> numbers = new TreeMap<>();
      TreeMap<Long, Boolean> taken = new TreeMap<>();
      for (JournalWrite write : writes) {
        if (write instanceof JournalWrite.CollectRecord collect) {
          free(collect.path(), numbers, taken);
        } else if (write instanceof JournalWrite.PutRecord put) {
          long number = put.state().number();
          Invariant.check(number > 0, "changes are numbered from 1");
          free(put.path(), numbers, taken);
          boolean held = taken.getOrDefault(number, changes.containsKey(number));
          Invariant.check(!held, "two records never share a number");
          numbers.put(put.path(), number);
          taken.put(number, true);
        }
      }
    }

    private void free(
        RelativePath path, TreeMap<RelativePath, Long> numbers, TreeMap<Long, Boolean> taken) {
      RecordState stored = records.get(path);
      long number = numbers.getOrDefault(path, stored == null ? 0L : stored.number());
      taken.put(number, false);
      numbers.put(path, 0L);
    }

    void apply(List<JournalWrite> writes) {
      writes.forEach(this::apply);
    }

    private void apply(JournalWrite write) {
      switch (write) {
        case JournalWrite.PutRoot put -> root = Optional.of(put.state());
        case JournalWrite.PutRecord put -> {
          forget(put.path());
          records.put(put.path(), put.state());
          changes.put(put.state().number(), put.path());
        }
        case JournalWrite.CollectRecord collect -> forget(collect.path());
        case JournalWrite.PutMaterialised put -> materialised.put(put.path(), put.materialised());
        case JournalWrite.DropMaterialised drop -> materialised.remove(drop.path());
        case JournalWrite.PutIntent put -> intents.put(put.path(), put.intent());
        case JournalWrite.DropIntent drop -> intents.remove(drop.path());
        case JournalWrite.PutDisplaced put ->
            displaced.put(put.displaced().name(), put.displaced());
        case JournalWrite.DropDisplaced drop -> displaced.remove(drop.name());
        case JournalWrite.PutPending put -> pending.put(put.path(), put.pending());
        case JournalWrite.DropPending drop -> pending.remove(drop.path());
        case JournalWrite.PutPeer put -> peers.put(put.peer(), put.progress());
        case JournalWrite.PutChunks put -> chunks.put(put.file(), put.chunks());
        case JournalWrite.DropChunks drop -> chunks.remove(drop.file());
        case JournalWrite.PutHistory put -> {
          history.remove(put.item());
          history.put(put.item(), put.item());
        }
        case JournalWrite.DropHistory drop -> history.remove(drop.item());
      }
    }

    private void forget(RelativePath path) {
      RecordState old = records.remove(path);
      if (old != null) {
        changes.remove(old.number());
      }
    }

    State copy() {
      State copy = new State();
      copy.root = root;
      copy.records.putAll(records);
      copy.changes.putAll(changes);
      copy.materialised.putAll(materialised);
      copy.intents.putAll(intents);
      copy.displaced.putAll(displaced);
      copy.pending.putAll(pending);
      copy.peers.putAll(peers);
      copy.chunks.putAll(chunks);
      copy.history.putAll(history);
      return copy;
    }
  }
}
