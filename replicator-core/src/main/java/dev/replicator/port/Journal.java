package dev.replicator.port;

import dev.replicator.model.Census;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
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
import dev.replicator.model.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The durable, ordered memory of one root. Appends come from one thread; reads from any. A read
 * sees every append that has returned. All methods block for microseconds, {@link #sync} for as
 * long as the disk takes.
 *
 * <p>A failure of the disk throws {@link java.io.UncheckedIOException}; the root then stops, and
 * never trusts a write that is tried again. Lists are bounded by the caller's {@code limit}.
 */
public interface Journal extends AutoCloseable {
  /** All of {@code writes} or none; survives the end of the process, not yet a power cut. */
  void append(List<JournalWrite> writes);

  /** Returns once every append that returned before is on stable storage. */
  void sync();

  /** Empty in a new journal. */
  Optional<RootState> root();

  Optional<RecordState> record(RelativePath path);

  /** Records after {@code after}, exclusive, in the order of paths. */
  SortedMap<RelativePath, RecordState> recordsAfter(RelativePath after, int limit);

  /**
   * The records after {@code after}, exclusive, through {@code through} or the end, as one: no more
   * than {@code limit} of them. Costs a part of what making them would.
   */
  RecordRange rangeAfter(RelativePath after, Optional<RelativePath> through, int limit);

  /** The current records whose number is above {@code number}, in the order of numbers. */
  List<Map.Entry<RelativePath, RecordState>> changesAfter(long number, int limit);

  Optional<Materialised> materialised(RelativePath path);

  /** What is materialised after {@code after}, exclusive, in the order of paths. */
  SortedMap<RelativePath, Materialised> materialisedAfter(RelativePath after, int limit);

  /**
   * As {@link #materialisedAfter}, of what is below {@code directory} alone. Cost does not depend
   * on what is behind that, nor on what was there and is gone.
   *
   * @param after a path below it, exclusive
   */
  SortedMap<RelativePath, Materialised> materialisedBelow(
      RelativePath directory, RelativePath after, int limit);

  /**
   * What is materialised directly in {@code directory}: its children, not theirs, in the order of
   * paths. Cost follows the number of children, not that of all descendants.
   *
   * @param after a child, exclusive, or the directory itself to begin
   */
  SortedMap<RelativePath, Trace> tracesIn(RelativePath directory, RelativePath after, int limit);

  /** Paths at which {@code file} is materialised, in their order. */
  List<RelativePath> namesOf(FileKey file, int limit);

  /**
   * Paths at which {@code content} is materialised, in their order; not all of them from before
   * this was kept.
   */
  List<RelativePath> pathsOf(Digest content, int limit);

  /** How many paths are materialised as something present; exact. */
  default long materialisedCount() {
    return census().present();
  }

  /** What is materialised, counted; exact. */
  Census census();

  Optional<Intent> intent(RelativePath path);

  /** All open intents: there are as many as paths in flight at a crash. */
  SortedMap<RelativePath, Intent> intents();

  /** Files that left their paths and may still be written to, in the order of their names. */
  List<Displaced> displaced();

  Optional<Pending> pending(RelativePath path);

  SortedMap<RelativePath, Pending> pendingAfter(RelativePath after, int limit);

  /** Exact. */
  long pendingCount();

  SortedMap<NodeId, PeerProgress> peers();

  Optional<ChunkList> chunks(Digest file);

  /** Files whose chunk lists are kept after {@code after}, exclusive, in the order of digests. */
  List<Digest> chunkListsAfter(Digest after, int limit);

  /** Versions that left {@code path}, the latest first. */
  List<HistoryItem> history(RelativePath path, int limit);

  /**
   * Versions of all paths, in the order of paths and of each the latest first.
   *
   * @param after exclusive; empty to begin
   */
  List<HistoryItem> historyAfter(Optional<HistoryItem> after, int limit);

  /**
   * As {@link #historyAfter}, of what is below {@code directory} alone. Cost does not depend on
   * what is beside that.
   *
   * @param after of a path below it, exclusive; empty to begin
   */
  List<HistoryItem> historyBelow(RelativePath directory, Optional<HistoryItem> after, int limit);

  /** All versions that left before {@code beforeMillis}, the oldest first. */
  List<HistoryItem> historyBefore(long beforeMillis, int limit);

  /** The next opening keeps this one aside, and begins anew. */
  void abandon();

  @Override
  void close();
}
