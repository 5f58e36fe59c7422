package dev.replicator.runtime;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens files to be staged. A large one goes on where an earlier attempt at its content ended:
 * peers leave and daemons stop, and what was fetched so far need not be fetched again. Thread-safe.
 */
final class Parts {
  private final Tree tree;
  private final Set<Digest> open = ConcurrentHashMap.newKeySet();

  Parts(Tree tree) {
    this.tree = tree;
  }

  /** One content may be wanted under two paths at once: the second begins anew. */
  StagedFile open(Entry.File file) throws TreeException {
    if (file.size() < Limits.PART_BYTES_MIN || !open.add(file.digest())) {
      return tree.stageFile();
    }
    boolean opened = false;
    try {
      StagedFile part = new Part(file.digest(), tree.stagePart(file.digest()));
      opened = true;
      return part;
    } finally {
      if (!opened) {
        open.remove(file.digest());
      }
    }
  }

  /** Removes what nobody goes on with, when nobody did since {@code time}. */
  void drop(Instant time) throws TreeException {
    tree.dropParts(time, open);
  }

  private final class Part implements StagedFile {
    private final Digest content;
    private final StagedFile file;

    Part(Digest content, StagedFile file) {
      this.content = content;
      this.file = file;
    }

    @Override
    public SeekableByteChannel channel() {
      return file.channel();
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public Stamp seal(long size, Instant mtime, Attributes attributes) throws TreeException {
      return file.seal(size, mtime, attributes);
    }

    @Override
    public void close() throws TreeException {
      try {
        file.close();
      } finally {
        open.remove(content);
      }
    }
  }
}
