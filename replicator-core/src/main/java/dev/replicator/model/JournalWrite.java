package dev.replicator.model;

/** One change of the journal. A list of them is appended as a whole or not at all. */
public sealed interface JournalWrite {
  record PutRoot(RootState state) implements JournalWrite {}

  /** Replaces the record and its place in the order of changes. */
  record PutRecord(RelativePath path, RecordState state) implements JournalWrite {}

  /** Forgets a path whose deletion every peer durably knows. */
  record CollectRecord(RelativePath path) implements JournalWrite {}

  record PutMaterialised(RelativePath path, Materialised materialised) implements JournalWrite {}

  record DropMaterialised(RelativePath path) implements JournalWrite {}

  record PutIntent(RelativePath path, Intent intent) implements JournalWrite {}

  record DropIntent(RelativePath path) implements JournalWrite {}

  /** Under its name: a path may have several. */
  record PutDisplaced(Displaced displaced) implements JournalWrite {}

  record DropDisplaced(String name) implements JournalWrite {}

  record PutPending(RelativePath path, Pending pending) implements JournalWrite {}

  record DropPending(RelativePath path) implements JournalWrite {}

  record PutPeer(NodeId peer, PeerProgress progress) implements JournalWrite {}

  record PutChunks(Digest file, ChunkList chunks) implements JournalWrite {}

  record DropChunks(Digest file) implements JournalWrite {}

  record PutHistory(HistoryItem item) implements JournalWrite {}

  record DropHistory(HistoryItem item) implements JournalWrite {}
}
