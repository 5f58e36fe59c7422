package dev.replicator.runtime;

import dev.replicator.kernel.Effect;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Contents that this node keeps and no path of its tree has, from wherever they are. */
final class Fetches {
  private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);

  private final Vault vault;
  private final Assembler assembler;
  private final LocalContent content;
  private final FreeSpace space;

  Fetches(Vault vault, Assembler assembler, LocalContent content, FreeSpace space) {
    this.vault = vault;
    this.assembler = assembler;
    this.content = content;
    this.space = space;
  }

  /** As {@link #keep}; what is in the vault is read to the end before it is believed. */
  ChunkList recall(Effect.Recall effect) throws TreeException, IOException, InterruptedException {
    Effect.Keep keep = new Effect.Keep(effect.path(), effect.file(), effect.sources());
    Digest digest = effect.file().digest();
    if (!vault.holds(digest) || content.isWhole(effect.file())) {
      return keep(keep);
    }
    LOG.warn(
        "the content of {} in the vault is damaged: it is looked for elsewhere", effect.path());
    content.distrustKept(digest);
    try {
      return keep(keep);
    } finally {
      content.trustKept(digest);
    }
  }

  /** Gets a content into the vault; tells its chunk list. */
  ChunkList keep(Effect.Keep effect) throws TreeException, IOException, InterruptedException {
    try (Admission.Stay stay = Admission.OF_PROCESS.enter(effect.file())) {
      return fetched(effect);
    }
  }

  private ChunkList fetched(Effect.Keep effect)
      throws TreeException, IOException, InterruptedException {
    Assembler.Order order =
        new Assembler.Order(effect.path(), effect.file(), Optional.empty(), effect.sources());
    ChunkList chunks = assembler.chunks(order);
    if (!content.isKept(effect.file().digest())) {
      space.require(chunks.dataBytes());
      Tree.Space room = vault.space();
      if (!room.leaves(chunks.dataBytes())) {
        throw new TreeException(room.lacks(chunks.dataBytes()));
      }
      try {
        vault.put(
            effect.file().digest(),
            channel -> {
              try (FreeSpace.Promise promise = space.promise(chunks.dataBytes(), channel)) {
                assembler.write(order, chunks, channel);
                Assembler.lengthen(channel, chunks.size());
              } catch (TreeException failure) {
                throw new IOException(failure);
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException(interrupted);
              }
            });
      } catch (IOException failure) {
        if (failure.getCause() instanceof TreeException problem) {
          throw problem;
        }
        throw failure;
      }
    }
    return chunks;
  }
}
