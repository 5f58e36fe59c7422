package dev.replicator.runtime;

import dev.replicator.kernel.IndexView;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.port.Journal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The journal as the kernel reads it: appends return before the next step, so it holds them all.
 */
record JournalIndex(Journal journal) implements IndexView {
  @Override
  public Optional<RootState> root() {
    return journal.root();
  }

  @Override
  public Optional<RecordState> record(RelativePath path) {
    return journal.record(path);
  }

  @Override
  public SortedMap<RelativePath, RecordState> recordsAfter(RelativePath after, int limit) {
    return journal.recordsAfter(after, limit);
  }

  @Override
  public List<Map.Entry<RelativePath, RecordState>> changesAfter(long number, int limit) {
    return journal.changesAfter(number, limit);
  }

  @Override
  public Optional<Materialised> materialised(RelativePath path) {
    return journal.materialised(path);
  }

  @Override
  public SortedMap<RelativePath, Materialised> materialisedAfter(RelativePath after, int limit) {
    return journal.materialisedAfter(after, limit);
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
  public Optional<Pending> pending(RelativePath path) {
    return journal.pending(path);
  }

  @Override
  public SortedMap<RelativePath, Pending> pendingAfter(RelativePath after, int limit) {
    return journal.pendingAfter(after, limit);
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
