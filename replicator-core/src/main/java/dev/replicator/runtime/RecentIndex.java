package dev.replicator.runtime;

import dev.replicator.kernel.IndexView;
import dev.replicator.model.Census;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.port.Journal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/*
 * One change makes the kernel ask for the same path a dozen times within a millisecond, and each
 * answer of the journal is a native call and a value to decode. So what was read or appended last
 * is kept as it is, and so are the last changes, which go out to peers right after their append.
 */

/**
 * The journal as the kernel reads it: appends return before the next step, so it holds them all. Of
 * the root's thread alone; whatever the kernel reads is appended through here.
 */
final class RecentIndex implements IndexView {
  static final int PATHS_MAX = 2_048;
  static final int CHANGES_MAX = 512;

  /**
   * What weighs more, its path included, is read again: some hundred of the largest records, with a
   * context of thousands of replicas each, would fill the heap.
   */
  static final int VALUE_BYTES_MAX = 16 * 1_024;

  /** Of one kind. So all that is kept, with the last changes, stays below 32 MiB. */
  private static final int BYTES_MAX = 512 * VALUE_BYTES_MAX;

  private final Journal journal;
  private final Recent<RecordState> records = new Recent<>(HeapBytes::of);
  private final Recent<Materialised> materialised = new Recent<>(HeapBytes::of);
  private final Recent<Pending> pending = new Recent<>(HeapBytes::of);

  /** All changes above {@link #changesFrom}, by number. */
  private final TreeMap<Long, Map.Entry<RelativePath, RecordState>> changes = new TreeMap<>();

  private final Map<RelativePath, Long> numbers = new HashMap<>();
  private long changesFrom;

  RecentIndex(Journal journal) {
    this.journal = journal;
    this.changesFrom = journal.root().map(root -> root.nextNumber() - 1).orElse(0L);
  }

  /** What is known of the paths that were asked for last; that there is nothing, too. */
  private static final class Recent<T> {
    private final ToLongFunction<T> bytesOf;
    private final LinkedHashMap<RelativePath, Kept<T>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private record Kept<T>(Optional<T> value, long bytes) {}

    Recent(ToLongFunction<T> bytesOf) {
      this.bytesOf = bytesOf;
    }

    Optional<T> find(RelativePath path, Function<RelativePath, Optional<T>> read) {
      Kept<T> known = kept.get(path);
      return known != null ? known.value() : read.apply(path);
    }

    Optional<T> keep(RelativePath path, Optional<T> value) {
      forget(kept.remove(path));
      long weight = weight(path, value.map(bytesOf::applyAsLong).orElse(0L));
      if (weight <= VALUE_BYTES_MAX) {
        kept.put(path, new Kept<>(value, weight));
        bytes += weight;
      }
      while (kept.size() > PATHS_MAX || bytes > BYTES_MAX) {
        forget(kept.pollFirstEntry().getValue());
      }
      return value;
    }

    private void forget(@Nullable Kept<T> left) {
      bytes -= left == null ? 0 : left.bytes();
    }
  }

  /** Appends to the journal; what the kernel reads from then on includes it. */
  void append(List<JournalWrite> writes) {
    journal.append(writes);
    writes.forEach(this::remember);
  }

  private void remember(JournalWrite write) {
    switch (write) {
      case JournalWrite.PutRecord it -> {
        records.keep(it.path(), Optional.of(it.state()));
        changed(it.path(), it.state());
      }
      case JournalWrite.CollectRecord it -> {
        records.keep(it.path(), Optional.empty());
        forgetChange(it.path());
      }
      case JournalWrite.PutMaterialised it ->
          materialised.keep(it.path(), Optional.of(it.materialised()));
      case JournalWrite.DropMaterialised it -> materialised.keep(it.path(), Optional.empty());
      case JournalWrite.PutPending it -> pending.keep(it.path(), Optional.of(it.pending()));
      case JournalWrite.DropPending it -> pending.keep(it.path(), Optional.empty());
      case JournalWrite.PutRoot it -> {}
      case JournalWrite.PutIntent it -> {}
      case JournalWrite.DropIntent it -> {}
      case JournalWrite.PutDisplaced it -> {}
      case JournalWrite.DropDisplaced it -> {}
      case JournalWrite.PutPeer it -> {}
      case JournalWrite.PutChunks it -> {}
      case JournalWrite.DropChunks it -> {}
      case JournalWrite.PutHistory it -> {}
      case JournalWrite.DropHistory it -> {}
    }
  }

  private void changed(RelativePath path, RecordState state) {
    forgetChange(path);
    if (weight(path, HeapBytes.of(state)) > VALUE_BYTES_MAX) {
      forgetChangesThrough(state.number());
      return;
    }
    changes.put(state.number(), Map.entry(path, state));
    numbers.put(path, state.number());
    if (changes.size() > CHANGES_MAX) {
      forgetChangesThrough(changes.firstKey());
    }
  }

  private void forgetChange(RelativePath path) {
    Long number = numbers.remove(path);
    if (number != null) {
      changes.remove(number);
    }
  }

  private void forgetChangesThrough(long number) {
    changesFrom = Math.max(changesFrom, number);
    while (!changes.isEmpty() && changes.firstKey() <= changesFrom) {
      numbers.remove(changes.pollFirstEntry().getValue().getKey());
    }
  }

  private static long weight(RelativePath path, long bytes) {
    return HeapBytes.of(path) + bytes;
  }

  @Override
  public Optional<RecordState> record(RelativePath path) {
    return records.find(path, unknown -> records.keep(unknown, journal.record(unknown)));
  }

  @Override
  public Optional<Materialised> materialised(RelativePath path) {
    return materialised.find(
        path, unknown -> materialised.keep(unknown, journal.materialised(unknown)));
  }

  @Override
  public Optional<Pending> pending(RelativePath path) {
    if (pendingCount() == 0) {
      return Optional.empty();
    }
    return pending.find(path, unknown -> pending.keep(unknown, journal.pending(unknown)));
  }

  @Override
  public List<Map.Entry<RelativePath, RecordState>> changesAfter(long number, int limit) {
    return number < changesFrom
        ? journal.changesAfter(number, limit)
        : changes.tailMap(number, false).values().stream().limit(limit).toList();
  }

  @Override
  public Optional<RootState> root() {
    return journal.root();
  }

  @Override
  public SortedMap<RelativePath, RecordState> recordsAfter(RelativePath after, int limit) {
    return journal.recordsAfter(after, limit);
  }

  @Override
  public RecordRange rangeAfter(RelativePath after, Optional<RelativePath> through, int limit) {
    return journal.rangeAfter(after, through, limit);
  }

  @Override
  public SortedMap<RelativePath, Materialised> materialisedAfter(RelativePath after, int limit) {
    return journal.materialisedAfter(after, limit);
  }

  @Override
  public SortedMap<RelativePath, Materialised> materialisedBelow(
      RelativePath directory, RelativePath after, int limit) {
    return journal.materialisedBelow(directory, after, limit);
  }

  @Override
  public List<RelativePath> namesOf(FileKey file, int limit) {
    return journal.namesOf(file, limit);
  }

  @Override
  public Census census() {
    return journal.census();
  }

  @Override
  public long materialisedCount() {
    return journal.materialisedCount();
  }

  @Override
  public SortedMap<RelativePath, Intent> intents() {
    return journal.intents();
  }

  @Override
  public SortedMap<RelativePath, Pending> pendingAfter(RelativePath after, int limit) {
    return journal.pendingCount() == 0 ? new TreeMap<>() : journal.pendingAfter(after, limit);
  }

  @Override
  public long pendingCount() {
    return journal.pendingCount();
  }

  @Override
  public SortedMap<NodeId, PeerProgress> peers() {
    return journal.peers();
  }

  @Override
  public List<HistoryItem> history(RelativePath path, int limit) {
    return journal.history(path, limit);
  }
}
