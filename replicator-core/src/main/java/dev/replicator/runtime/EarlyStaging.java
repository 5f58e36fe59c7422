package dev.replicator.runtime;

import dev.replicator.content.Digests;
import dev.replicator.model.Digest;
import dev.replicator.model.Message;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A change that comes alone takes its sender about a millisecond to journal. Its content comes
 * meanwhile, and is written while the change itself is on its way: then only owner, mode and time
 * are missing. A content is nobody's claim about a path: what no change asks for is dropped.
 */

/** Contents that are staged before the change is known that needs them. Thread-safe, bounded. */
final class EarlyStaging {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyStaging.class);
  private static final int FILES_MAX = 4;

  private final Tree tree;
  private final LinkedHashMap<Digest, Early> files = new LinkedHashMap<>();
  private int underWay;
  private long sweeps;
  private boolean closed;

  /** A content, and how many sweeps there had been when it was written. */
  private record Early(StagedFile file, long sweeps) {}

  EarlyStaging(Tree tree) {
    this.tree = tree;
  }

  /** Whether {@link #stage} is to follow: a peer may send more than is worth it. */
  synchronized boolean begin() {
    boolean begins = !closed && underWay < FILES_MAX;
    underWay += begins ? 1 : 0;
    return begins;
  }

  private synchronized void end() {
    underWay--;
  }

  /** Writes a content, once every chunk is what it should be. */
  void stage(Message.InlineContent content) {
    try {
      if (Digests.of(content.chunks()).equals(content.digest())) {
        write(content);
      }
    } catch (TreeException | IOException failure) {
      LOG.debug("not staged early: {}", failure.toString());
    } finally {
      end();
    }
  }

  private void write(Message.InlineContent content) throws TreeException, IOException {
    StagedFile file = tree.stageFile();
    boolean kept = false;
    try {
      kept = Assembler.writeInline(content, file.channel()) && keep(content.digest(), file);
    } finally {
      if (!kept) {
        file.close();
      }
    }
  }

  /**
   * Drops what nobody asked for since the sweep before this one: what was announced did not come,
   * or came from elsewhere.
   *
   * @return whether something is left
   */
  synchronized boolean sweep() {
    files
        .values()
        .removeIf(early -> {
          boolean late = early.sweeps() < sweeps;
          if (late) {
            close(early.file());
          }
          return late;
        });
    sweeps++;
    return !files.isEmpty();
  }

  private static void close(StagedFile file) {
    try {
      file.close();
    } catch (TreeException left) {
      LOG.debug("left in staging: {}", left.problem());
    }
  }

  private synchronized boolean keep(Digest digest, StagedFile file) {
    if (closed || files.containsKey(digest)) {
      return false;
    }
    files.put(digest, new Early(file, sweeps));
    if (files.size() > FILES_MAX) {
      close(files.pollFirstEntry().getValue().file());
    }
    return true;
  }

  /** The content, whole and not sealed; it is the caller's now. */
  synchronized Optional<StagedFile> take(Digest digest) {
    return Optional.ofNullable(files.remove(digest)).map(Early::file);
  }

  /** Drops what nobody took. */
  synchronized void close() {
    closed = true;
    files.values().forEach(early -> close(early.file()));
    files.clear();
  }
}
