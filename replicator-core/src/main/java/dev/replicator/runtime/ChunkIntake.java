package dev.replicator.runtime;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Takes the chunks that peers send ahead of their changes; they wait for each other only. */
final class ChunkIntake {
  private final EarlyChunks chunks;
  private final Predicate<RelativePath> wanted;
  private final Timings timings;
  private final Executor inTurn;

  /**
   * @param wanted what is put here, when a peer tells of it
   */
  ChunkIntake(
      EarlyChunks chunks, Predicate<RelativePath> wanted, Timings timings, Executor threads) {
    this.chunks = chunks;
    this.wanted = wanted;
    this.timings = timings;
    this.inTurn = new InTurn(threads);
  }

  /** From network threads; tells whether anything came of it that has to be swept. */
  boolean received(NodeId peer, Message.ChunkAhead chunk) {
    boolean taken = chunks.put(peer, chunk);
    if (taken) {
      inTurn.execute(this::writeNext);
    }
    return taken;
  }

  private void writeNext() {
    long from = System.nanoTime();
    if (chunks.writeNext(wanted)) {
      timings.add("ahead", System.nanoTime() - from);
    }
  }
}
