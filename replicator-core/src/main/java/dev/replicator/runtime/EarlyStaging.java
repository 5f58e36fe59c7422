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

  /** So long a change may take to follow its content. */
  static final long MILLIS_MAX = 10_000;

  private final Tree tree;
  private final LinkedHashMap<Digest, StagedFile> files = new LinkedHashMap<>();
  private int underWay;
  private boolean closed;

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

  /**
   * Writes a content, once every chunk is what it should be.
   *
   * @return what is to be done after {@link #MILLIS_MAX}, when it was written
   */
  Optional<Runnable> stage(Message.InlineContent content) {
    try {
      if (Digests.of(content.chunks()).equals(content.digest())) {
        return write(content).map(file -> () -> drop(content.digest(), file));
      }
    } catch (TreeException | IOException failure) {
      LOG.debug("not staged early: {}", failure.toString());
    } finally {
      end();
    }
    return Optional.empty();
  }

  private Optional<StagedFile> write(Message.InlineContent content)
      throws TreeException, IOException {
    StagedFile file = tree.stageFile();
    boolean kept = false;
    try {
      kept = Assembler.writeInline(content, file.channel()) && keep(content.digest(), file);
    } finally {
      if (!kept) {
        file.close();
      }
    }
    return kept ? Optional.of(file) : Optional.empty();
  }

  /** Nobody asked for it: what was announced did not come, or came from elsewhere. */
  private synchronized void drop(Digest digest, StagedFile file) {
    if (files.get(digest) == file) {
      files.remove(digest);
      close(file);
    }
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
    files.put(digest, file);
    if (files.size() > FILES_MAX) {
      close(files.pollFirstEntry().getValue());
    }
    return true;
  }

  /** The content, whole and not sealed; it is the caller's now. */
  synchronized Optional<StagedFile> take(Digest digest) {
    return Optional.ofNullable(files.remove(digest));
  }

  /** Drops what nobody took. */
  synchronized void close() {
    closed = true;
    files.values().forEach(EarlyStaging::close);
    files.clear();
  }
}
