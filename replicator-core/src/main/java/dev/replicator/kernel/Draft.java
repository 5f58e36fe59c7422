package dev.replicator.kernel;

import dev.replicator.model.ChunkList;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.FileKey;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The writes of one step, and the index as it will be once they are appended. Single paths read
 * through it; ranges are read from the index between steps only.
 */
final class Draft {
  private final IndexView index;
  private final List<JournalWrite> writes = new ArrayList<>();
  private final TreeMap<RelativePath, Optional<RecordState>> records = new TreeMap<>();
  private final TreeMap<RelativePath, Optional<Materialised>> materialised = new TreeMap<>();
  private final TreeMap<RelativePath, Optional<Pending>> pending = new TreeMap<>();
  private final SortedMap<NodeId, PeerProgress> peers;
  private final NothingBelow nothingBelow;
  private boolean pendingChanged;

  Draft(IndexView index, Bounds bounds) {
    this.index = index;
    this.nothingBelow = new NothingBelow(bounds.remembered(NothingBelow.PATHS_MAX));
    this.peers = new TreeMap<>(index.peers());
  }

  /** Whether a path fell behind or caught up since the last call. */
  boolean takePendingChanged() {
    boolean was = pendingChanged;
    pendingChanged = false;
    return was;
  }

  /** Takes all writes since the last call. */
  List<JournalWrite> take() {
    List<JournalWrite> taken = List.copyOf(writes);
    writes.clear();
    records.clear();
    materialised.clear();
    pending.clear();
    return taken;
  }

  Optional<RecordState> record(RelativePath path) {
    Optional<RecordState> drafted = records.get(path);
    return drafted != null ? drafted : index.record(path);
  }

  Optional<Materialised> materialised(RelativePath path) {
    Optional<Materialised> drafted = materialised.get(path);
    return drafted != null ? drafted : index.materialised(path);
  }

  /** What is known of the paths that came lately. */
  NothingBelow nothingBelow() {
    return nothingBelow;
  }

  /** At most {@code limit} paths at which {@code file} is materialised, those of this step too. */
  List<RelativePath> namesOf(FileKey file, int limit) {
    TreeSet<RelativePath> names = new TreeSet<>(index.namesOf(file, limit + materialised.size()));
    materialised.forEach((path, value) -> {
      if (value.flatMap(Materialised::file).equals(Optional.of(file))) {
        names.add(path);
      } else {
        names.remove(path);
      }
    });
    return names.stream().limit(limit).toList();
  }

  /** Whether any file is known to have several names; mostly that tells of all at no cost. */
  boolean knowsLinked() {
    return index.census().linked() > 0
        || materialised.values().stream().flatMap(Optional::stream).anyMatch(Draft::isLinked);
  }

  static boolean isLinked(Materialised there) {
    return there.file().isPresent() && there.stamp().links() > 1;
  }

  Optional<Pending> pending(RelativePath path) {
    Optional<Pending> drafted = pending.get(path);
    return drafted != null ? drafted : index.pending(path);
  }

  SortedMap<NodeId, PeerProgress> peers() {
    return peers;
  }

  /** At most {@code limit} records after {@code after} by path, those of this step included. */
  SortedMap<RelativePath, RecordState> recordsAfter(RelativePath after, int limit) {
    return overlay(after, limit, index::recordsAfter, records);
  }

  /** As {@link #recordsAfter}; fewer than {@code limit} only when there are no more. */
  SortedMap<RelativePath, Materialised> materialisedAfter(RelativePath after, int limit) {
    return overlay(after, limit, index::materialisedAfter, materialised);
  }

  /** As {@link #materialisedAfter}, of what is below {@code directory}, as {@code after} is. */
  SortedMap<RelativePath, Materialised> materialisedBelow(
      RelativePath directory, RelativePath after, int limit) {
    // It stands together, and a step may have drafted thousands of others behind it.
    TreeMap<RelativePath, Optional<Materialised>> drafted = new TreeMap<>();
    for (var entry : materialised.tailMap(after, false).entrySet()) {
      if (!entry.getKey().isWithin(directory)) {
        break;
      }
      drafted.put(entry.getKey(), entry.getValue());
    }
    return overlay(
        after, limit, (cursor, most) -> index.materialisedBelow(directory, cursor, most), drafted);
  }

  /** Pages of the index. */
  private interface Pages<T> {
    SortedMap<RelativePath, T> after(RelativePath after, int limit);
  }

  private static <T> SortedMap<RelativePath, T> overlay(
      RelativePath after,
      int limit,
      Pages<T> pages,
      NavigableMap<RelativePath, Optional<T>> drafted) {
    TreeMap<RelativePath, T> found = new TreeMap<>();
    RelativePath cursor = after;
    boolean more = true;
    while (more && found.size() < limit) {
      SortedMap<RelativePath, T> page = pages.after(cursor, limit);
      more = page.size() == limit;
      found.putAll(page);
      var fresh =
          more
              ? drafted.subMap(cursor, false, page.lastKey(), true)
              : drafted.tailMap(cursor, false);
      fresh.forEach((path, value) -> {
        if (value.isPresent()) {
          found.put(path, value.get());
        } else {
          found.remove(path);
        }
      });
      cursor = more ? page.lastKey() : cursor;
    }
    while (found.size() > limit) {
      found.pollLastEntry();
    }
    return found;
  }

  void putRoot(RootState state) {
    writes.add(new JournalWrite.PutRoot(state));
  }

  void putRecord(RelativePath path, RecordState state) {
    records.put(path, Optional.of(state));
    writes.add(new JournalWrite.PutRecord(path, state));
  }

  void collectRecord(RelativePath path) {
    records.put(path, Optional.empty());
    writes.add(new JournalWrite.CollectRecord(path));
  }

  void putMaterialised(RelativePath path, Materialised put) {
    Materialised value = put.writtenMillis() == 0 ? put.withWritten(writtenMillis(path, put)) : put;
    materialised.put(path, Optional.of(value));
    writes.add(new JournalWrite.PutMaterialised(path, value));
    if (value.entry().isPresent()) {
      nothingBelow.put(path);
    }
  }

  /** What supersedes a content takes its clock out of the record before the content leaves. */
  private long writtenMillis(RelativePath path, Materialised value) {
    Knowledge known = value.knowledge();
    if (known.contents().isEmpty()) {
      return 0;
    }
    long written =
        record(path).map(stored -> ReplicaState.writtenMillis(stored.record(), known)).orElse(0L);
    Optional<Materialised> before = materialised(path).filter(m -> isSameWrite(m, value));
    return written != 0 ? written : before.map(Materialised::writtenMillis).orElse(0L);
  }

  private static boolean isSameWrite(Materialised one, Materialised other) {
    SortedSet<Dot> dots = one.knowledge().contents();
    return !dots.isEmpty() && dots.first().equals(other.knowledge().contents().first());
  }

  void dropMaterialised(RelativePath path) {
    if (materialised(path).isPresent()) {
      materialised.put(path, Optional.empty());
      writes.add(new JournalWrite.DropMaterialised(path));
    }
  }

  /** The chunk list of a content, where it has one. */
  void putChunks(Entry.File file, ChunkList chunks) {
    if (file.size() > 0 && !chunks.equals(ChunkList.EMPTY)) {
      add(new JournalWrite.PutChunks(file.digest(), chunks));
    }
  }

  void putPending(RelativePath path, Pending value) {
    pendingChanged = pendingChanged || pending(path).isEmpty();
    pending.put(path, Optional.of(value));
    writes.add(new JournalWrite.PutPending(path, value));
  }

  void dropPending(RelativePath path) {
    if (pending(path).isPresent()) {
      pendingChanged = true;
      pending.put(path, Optional.empty());
      writes.add(new JournalWrite.DropPending(path));
    }
  }

  void putIntent(RelativePath path, Intent intent) {
    writes.add(new JournalWrite.PutIntent(path, intent));
  }

  void dropIntent(RelativePath path) {
    writes.add(new JournalWrite.DropIntent(path));
  }

  void putPeer(NodeId peer, PeerProgress progress) {
    peers.put(peer, progress);
    writes.add(new JournalWrite.PutPeer(peer, progress));
  }

  void add(JournalWrite write) {
    writes.add(write);
  }
}
