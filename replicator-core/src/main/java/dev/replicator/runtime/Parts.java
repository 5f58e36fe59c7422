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
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens files to be staged. A large one goes on where an earlier attempt at its content ended:
 * peers leave and daemons stop, and what was fetched so far need not be fetched again. Thread-safe.
 */
final class Parts {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Tree tree;
  private final Set<Digest> open = ConcurrentHashMap.newKeySet();

  Parts(Tree tree) {
    this.tree = tree;
  }

  /** A file for a content that nobody knows yet. Not thread-safe. */
  final class Begun {
    private final Digest name;
    private final StagedFile file;

    private Begun(Digest name, StagedFile file) {
      this.name = name;
      this.file = file;
    }

    SeekableByteChannel channel() {
      return file.channel();
    }

    void drop() throws TreeException {
      try {
        file.close();
        tree.dropPart(name);
      } finally {
        open.remove(name);
      }
    }

    private boolean pass(Digest content) throws TreeException {
      boolean passed = false;
      try {
        file.close();
        passed = tree.passPart(name, content);
      } finally {
        if (passed) {
          open.remove(name);
        } else {
          drop();
        }
      }
      return passed;
    }
  }

  /** Under a name like that of a content: what a crash leaves of it goes as all parts do. */
  Begun begin() throws TreeException {
    byte[] octets = new byte[Digest.LENGTH_BYTES];
    RANDOM.nextBytes(octets);
    Digest name = Digest.of(octets);
    open.add(name);
    boolean opened = false;
    try {
      Begun begun = new Begun(name, tree.stagePart(name));
      opened = true;
      return begun;
    } finally {
      if (!opened) {
        open.remove(name);
      }
    }
  }

  /** A file, and whether it is the one that was begun. */
  record Opened(StagedFile file, boolean isBegun) {}

  /** As {@link #open}, going on with {@code begun} where no earlier attempt left anything. */
  Opened open(Entry.File file, Begun begun) throws TreeException {
    if (file.size() < Limits.PART_BYTES_MIN || !open.add(file.digest())) {
      begun.drop();
      return new Opened(tree.stageFile(), false);
    }
    boolean opened = false;
    try {
      boolean passed = begun.pass(file.digest());
      StagedFile part = new Part(file.digest(), tree.stagePart(file.digest()));
      opened = true;
      return new Opened(part, passed);
    } finally {
      if (!opened) {
        open.remove(file.digest());
      }
    }
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
