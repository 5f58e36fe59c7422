package dev.replicator.port;

import dev.replicator.model.Census;
import dev.replicator.model.Displaced;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** All that a small journal answers, to compare two of them. */
public record JournalSnapshot(
    Optional<RootState> root,
    SortedMap<RelativePath, RecordState> records,
    List<Map.Entry<RelativePath, RecordState>> changes,
    SortedMap<RelativePath, Materialised> materialised,
    Census census,
    SortedMap<RelativePath, Intent> intents,
    List<Displaced> displaced,
    SortedMap<RelativePath, Pending> pending,
    long pendingCount,
    SortedMap<NodeId, PeerProgress> peers,
    List<HistoryItem> history) {
  public static JournalSnapshot of(Journal journal) {
    int all = Integer.MAX_VALUE;
    return new JournalSnapshot(
        journal.root(),
        journal.recordsAfter(RelativePath.ROOT, all),
        journal.changesAfter(0, all),
        journal.materialisedAfter(RelativePath.ROOT, all),
        journal.census(),
        journal.intents(),
        journal.displaced(),
        journal.pendingAfter(RelativePath.ROOT, all),
        journal.pendingCount(),
        journal.peers(),
        journal.historyBefore(Long.MAX_VALUE, all));
  }
}
