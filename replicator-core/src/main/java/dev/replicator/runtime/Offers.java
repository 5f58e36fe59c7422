package dev.replicator.runtime;

import dev.replicator.content.ListDelta;
import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Effect;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.FileKey;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import dev.replicator.model.Stamp;
import dev.replicator.port.TreeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what peers get of a content that was read here before they ask for it: all of a small
 * one, what is new of a large one, nothing of one that they have.
 */
final class Offers {
  private static final Logger LOG = LoggerFactory.getLogger(Offers.class);

  private final EngineParts parts;
  private final Outbox outbox;
  private final Executor workers;
  private final Beginnings beginnings;

  /** Of this run of the daemon: a peer may remember those of an earlier one. */
  private final AtomicLong lastReading = new AtomicLong(ThreadLocalRandom.current().nextLong());

  Offers(EngineParts parts, Outbox outbox, Executor workers, Beginnings beginnings) {
    this.parts = parts;
    this.outbox = outbox;
    this.workers = workers;
    this.beginnings = beginnings;
  }

  /** Has chunks of the file go while it is read, if it is large: once, whatever becomes of it. */
  Inspector.Viewers ahead(Effect.Inspect effect) {
    AtomicBoolean begun = new AtomicBoolean();
    return stamp ->
        outbox.hasListeners()
                && parts.filter().decide(effect.path(), false) instanceof Verdict.Replicate
                && begun.compareAndSet(false, true)
            ? Optional.of(chunksAhead(effect, stamp))
            : Optional.empty();
  }

  private ChunksAhead chunksAhead(Effect.Inspect effect, Stamp stamp) {
    return new ChunksAhead(
        outbox,
        lastReading.incrementAndGet(),
        effect.path(),
        before(effect, stamp).flatMap(parts.journal()::chunks),
        chunk -> beginnings.find(chunk).flatMap(parts.journal()::chunks));
  }

  /** The content that was there, or that the same file had under another name. */
  private Optional<Digest> before(Effect.Inspect effect, Stamp stamp) {
    return effect
        .expected()
        .or(() ->
            parts.journal().namesOf(new FileKey(stamp.device(), stamp.inode()), 1).stream()
                .findFirst()
                .flatMap(parts.journal()::materialised))
        .flatMap(then -> then.entry().content());
  }

  /**
   * @param alone whether nothing else is under way, and this is the root's thread
   */
  void read(Effect.Inspect effect, Observation observation, boolean alone) {
    if (observation instanceof Observation.Found found) {
      found.actual().entry().content().ifPresent(it -> beginnings.note(it, found.chunks()));
    }
    if (!outbox.hasListeners()) {
      return;
    }
    if (observation instanceof Observation.Unchanged) {
      keepBackMoved(effect);
      return;
    }
    if (!(observation instanceof Observation.Found found)
        || !(found.actual().entry() instanceof Entry.File file)
        || !(parts.filter().decide(effect.path(), false) instanceof Verdict.Replicate)) {
      return;
    }
    if (parts.journal().chunks(file.digest()).isPresent()) {
      // What was here before, as the content of a file that is moved, its peers have, too.
      outbox.keepBack(file.digest());
    } else if (!ContentCache.fits(file.size())) {
      offerDelta(effect, found, file);
    } else if (alone) {
      // While the change is journaled its content may be on its way.
      workers.execute(() -> outbox.sendAhead(file.digest()));
    }
  }

  /** What is expected where nothing was yet came with its directory, and peers have it, too. */
  private void keepBackMoved(Effect.Inspect effect) {
    effect
        .expected()
        .flatMap(then -> then.entry().content())
        .filter(content ->
            parts
                .journal()
                .materialised(effect.path())
                .filter(here -> here.entry().isPresent())
                .isEmpty())
        .ifPresent(outbox::keepBack);
  }

  private void offerDelta(Effect.Inspect effect, Observation.Found found, Entry.File file) {
    Optional<Digest> base = effect.expected().flatMap(then -> then.entry().content());
    Optional<ChunkList> then = base.flatMap(parts.journal()::chunks);
    if (then.isEmpty() || base.get().equals(file.digest())) {
      return;
    }
    ListDelta delta = ListDelta.between(then.get(), found.chunks());
    if (isSmall(delta, found.chunks())) {
      try {
        fresh(effect, found, delta)
            .map(data ->
                new Message.ContentDelta(
                    file.digest(), base.get(), delta.runs(), data.chunks, data.octets))
            .ifPresent(outbox::offer);
      } catch (IOException | TreeException failure) {
        LOG.debug("{} changed again: {}", effect.path(), failure.toString());
      }
    }
  }

  private static boolean isSmall(ListDelta delta, ChunkList chunks) {
    long bytes = 0;
    for (int index : delta.fresh()) {
      bytes += chunks.chunks().get(index) instanceof Chunk.Data data ? data.length() : 0;
    }
    return bytes <= Limits.INLINE_BYTES_MAX
        && delta.runs().size() <= Limits.DELTA_RUNS_MAX
        && delta.fresh().size() <= Limits.DELTA_CHUNKS_MAX;
  }

  private record Fresh(ChunkList chunks, Bytes octets) {}

  /** The new chunks, read once more; empty when they are not there any more. */
  private Optional<Fresh> fresh(Effect.Inspect effect, Observation.Found found, ListDelta delta)
      throws IOException, TreeException {
    List<Chunk> all = found.chunks().chunks();
    List<Chunk> chunks = new ArrayList<>();
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (SeekableByteChannel channel = parts.tree().readOn(effect.path(), found.stamp())) {
      long offset = 0;
      int at = 0;
      for (int index : delta.fresh()) {
        for (; at < index; at++) {
          offset += all.get(at).length();
        }
        Chunk chunk = all.get(index);
        chunks.add(chunk);
        if (chunk instanceof Chunk.Data data) {
          Optional<byte[]> bytes = LocalContent.read(channel, offset, data);
          if (bytes.isEmpty()) {
            return Optional.empty();
          }
          octets.writeBytes(bytes.get());
        }
      }
    }
    return Optional.of(new Fresh(new ChunkList(chunks), Bytes.of(octets.toByteArray())));
  }
}
