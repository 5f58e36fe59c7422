package dev.replicator.runtime;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.model.Displaced;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A program that is within open(2) has found the file and is not counted among those that have it
 * open: no lease tells of it. Its file may leave the name, be in the vault a moment later, and be
 * written to only then. So what came to the vault is looked at once more when whoever was on his
 * way has arrived.
 */

/** Files that came to the vault a moment ago. Thread-safe. */
final class SecondLooks {
  private static final Logger LOG = LoggerFactory.getLogger(SecondLooks.class);

  /** So long it takes at most until who has found a name has the file open. */
  static final long PAUSE_MILLIS = 1_000;

  private static final long PAUSE_MILLIS_MAX = 60_000;
  private static final int BUFFER_BYTES = 256 * 1_024;

  /** Of more than these at one time not all are looked at again. */
  static final int WAITING_MAX = 65_536;

  private final Tree tree;
  private final Vault vault;
  private final Queue<Kept> waiting = new LinkedBlockingQueue<>(WAITING_MAX);

  private record Kept(Path place, Displaced displaced, long dueNanos, long pauseMillis) {}

  /** What somebody wrote to {@code displaced} since; the vault has that under its own digest. */
  record Written(Displaced displaced, Observation.Found found) {}

  SecondLooks(Tree tree, Vault vault) {
    this.tree = tree;
    this.vault = vault;
  }

  /** The file {@code displaced} is in the vault at {@code place} now, and nobody has it open. */
  void note(Path place, Displaced displaced) {
    note(place, displaced, PAUSE_MILLIS);
  }

  private void note(Path place, Displaced displaced, long pauseMillis) {
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
    if (!waiting.offer(new Kept(place, displaced, due, pauseMillis))) {
      LOG.debug("{} is not looked at again in the vault", displaced.path());
    }
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Looks at what is due; what somebody has open waits on.
   *
   * @param all whether at what is not due yet, too
   */
  synchronized List<Written> look(boolean all) {
    long now = System.nanoTime();
    List<Written> written = new ArrayList<>();
    for (int left = waiting.size(); left > 0; left--) {
      Optional<Kept> kept = Optional.ofNullable(waiting.poll());
      if (kept.filter(it -> all || now - it.dueNanos() >= 0).isPresent()) {
        look(kept.get()).ifPresent(written::add);
      } else {
        kept.ifPresent(waiting::offer);
      }
    }
    return written;
  }

  private Optional<Written> look(Kept kept) {
    try {
      return switch (tree.released(kept.place(), kept.displaced().was())) {
        case Tree.Displaced.Untouched untouched -> Optional.empty();
        case Tree.Displaced.BeingWritten still -> {
          note(kept.place(), kept.displaced(), Math.min(2 * kept.pauseMillis(), PAUSE_MILLIS_MAX));
          yield Optional.empty();
        }
        case Tree.Displaced.Written now -> written(kept, now.look());
      };
    } catch (TreeException | IOException failure) {
      // A sweep may have taken it.
      if (vault.isThere(kept.place())) {
        LOG.error(
            "cannot look again at {} in the vault, which was {}: {}",
            kept.place().getFileName(),
            kept.displaced().path(),
            failure.toString());
      }
      return Optional.empty();
    }
  }

  private Optional<Written> written(Kept kept, Tree.Look.Found look)
      throws TreeException, IOException {
    ChunkedContent content;
    try (SeekableByteChannel channel = vault.openDraft(kept.place())) {
      content =
          read(channel).orElseThrow(() -> new TreeException(Problem.of(Problem.Kind.TOO_LARGE)));
    }
    if (content.file().equals(kept.displaced().was().entry())) {
      return Optional.empty();
    }
    vault.take(kept.place(), content.file().digest());
    LOG.info(
        "{} was written to while it left its path: a version of its own", kept.displaced().path());
    Target actual =
        new Target(content.file(), Inspector.instant(look.stamp().mtimeNanos()), look.attributes());
    return Optional.of(
        new Written(
            kept.displaced(), new Observation.Found(look.stamp(), actual, content.chunks())));
  }

  /** To the end, also where the root ends meanwhile: nobody else comes to look. */
  private static Optional<ChunkedContent> read(SeekableByteChannel channel) throws IOException {
    Chunker chunker = new Chunker();
    byte[] buffer = new byte[BUFFER_BYTES];
    int read = channel.read(ByteBuffer.wrap(buffer));
    while (read >= 0) {
      chunker.push(buffer, 0, read);
      read = channel.read(ByteBuffer.wrap(buffer));
    }
    return chunker.finish();
  }
}
