package dev.replicator.runtime;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import java.util.concurrent.Executor;

/** Takes what peers say about content. From network threads. */
final class ContentInbox {
  private final ContentServer server;
  private final Transfer transfer;
  private final ContentCache cache;
  private final EarlyStaging early;
  private final ChunkIntake chunks;
  private final Executor workers;
  private final Sweep sweep;

  ContentInbox(
      ContentServer server,
      Transfer transfer,
      ContentCache cache,
      EarlyStaging early,
      ChunkIntake chunks,
      Executor workers,
      Sweep sweep) {
    this.server = server;
    this.transfer = transfer;
    this.cache = cache;
    this.early = early;
    this.chunks = chunks;
    this.workers = workers;
    this.sweep = sweep;
  }

  /** Tells whether that was all there is to it. */
  boolean received(NodeId peer, Message message) {
    switch (message) {
      case Message.ManifestWanted it -> server.manifestWanted(peer, it);
      case Message.ChunksWanted it -> server.chunksWanted(peer, it);
      case Message.Manifest it -> transfer.answered(peer, it.request(), it);
      case Message.ChunkData it -> transfer.answered(peer, it.request(), it);
      case Message.ContentUnavailable it -> transfer.answered(peer, it.request(), it);
      case Message.Ahead it -> {
        cache.put(it.content());
        if (early.begin()) {
          workers.execute(() -> early.stage(it.content()));
        }
        sweep.begin();
      }
      case Message.ChunkAhead it -> {
        if (chunks.received(peer, it)) {
          sweep.begin();
        }
      }
      case Message.Changes it -> {
        it.contents().forEach(cache::put);
        return false;
      }
      case Message.Hello _,
          Message.Acknowledgement _,
          Message.Facts _,
          Message.CompareRanges _,
          Message.ComparedRanges _,
          Message.Compare _,
          Message.Compared _,
          Message.Told _ -> {
        return false;
      }
    }
    return true;
  }

  void disconnected(NodeId peer) {
    transfer.disconnected(peer);
  }
}
