package dev.replicator.runtime;

import dev.replicator.model.Count;
import dev.replicator.model.Problem;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A disk is never filled to the last block: the journal and the site need room to go on. */
final class FreeSpace {
  private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);
  private static final long NOTHING = -1;

  /** Nobody waits for what is no larger, nor it for others: the reserve has room for it. */
  private static final long SMALL_BYTES_MAX = 1L << 20;

  private final Tree tree;
  private final Parts parts;
  private volatile LongConsumer lacking = bytes -> {};
  private volatile Runnable first = () -> {};
  private volatile Telling telling = Telling.NONE;

  /** What the vault gave up for it since the start. */
  private volatile String givenUp = "";

  private long versionsGivenUp;
  private long bytesGivenUp;

  /** Of files that are being written. */
  private final Set<Promise> promises = new HashSet<>();

  /** The smallest file for which there was too little, and is still; else {@link #NOTHING}. */
  private long waiting = NOTHING;

  FreeSpace(Tree tree, Parts parts) {
    this.tree = tree;
    this.parts = parts;
  }

  /** Room for what is being written, until this is closed. */
  final class Promise implements AutoCloseable {
    private final long bytes;
    private final SeekableByteChannel channel;
    private final long sizeBefore;

    private Promise(long bytes, SeekableByteChannel channel, long sizeBefore) {
      this.bytes = bytes;
      this.channel = channel;
      this.sizeBefore = sizeBefore;
    }

    private long left() {
      try {
        return Math.max(0, bytes - (channel.size() - sizeBefore));
      } catch (IOException closed) {
        return 0;
      }
    }

    @Override
    public void close() {
      synchronized (promises) {
        promises.remove(this);
      }
    }
  }

  /** Hears once that there is too little, and once that there is enough again. */
  interface Telling {
    Telling NONE =
        new Telling() {
          @Override
          public void paused(String figures) {}

          @Override
          public void goesOn(String figures) {}
        };

    void paused(String figures);

    void goesOn(String figures);
  }

  void tell(Telling other) {
    telling = other;
  }

  /**
   * Has {@code task} run whenever there is too little, with how much was wanted; it may come from
   * any thread.
   */
  void whenLacking(LongConsumer task) {
    lacking = task;
  }

  /** Has {@code task} run before anything else is given up: it gives up what nobody asked for. */
  void giveUpFirst(Runnable task) {
    first = task;
  }

  /** Whether {@code bytes} more leave the reserve alone. */
  boolean leaves(long bytes) throws IOException {
    return tree.space().leaves(bytes);
  }

  /**
   * Lets go on when {@code bytes} more leave the reserve alone.
   *
   * @throws TreeException when there is too little, also without what is kept for another attempt
   */
  void require(long bytes) throws TreeException, IOException {
    Tree.Space space = tree.space();
    if (!space.leaves(bytes)) {
      first.run();
      space = tree.space();
    }
    if (!space.leaves(bytes)) {
      parts.drop(Instant.MAX);
      space = tree.space();
    }
    if (!space.leaves(bytes)) {
      lacks(space, bytes);
      lacking.accept(bytes);
      throw new TreeException(space.lacks(bytes));
    }
    suffices(space);
  }

  /**
   * Keeps room for what is now written to {@code channel}, of which {@link #require} told that it
   * fits. Of two large files that do not both fit the second one waits: each would take from the
   * other what it is given, and both begin again and again.
   */
  Promise promise(long bytes, SeekableByteChannel channel) throws TreeException, IOException {
    if (bytes <= SMALL_BYTES_MAX) {
      return new Promise(bytes, channel, 0);
    }
    Promise promise = new Promise(bytes, channel, channel.size());
    synchronized (promises) {
      long others = promises.stream().mapToLong(Promise::left).sum();
      if (!tree.space().leaves(bytes + others)) {
        throw new TreeException(
            new Problem(
                Problem.Kind.BUSY,
                "other files first, to which "
                    + Count.of(others, "byte")
                    + " of what is free are promised"));
      }
      promises.add(promise);
    }
    return promise;
  }

  /** The vault let go of versions so that there is room; tells it in words. */
  synchronized String gaveUp(long versions, long bytes) {
    versionsGivenUp += versions;
    bytesGivenUp += bytes;
    givenUp =
        "the disk lacks room: "
            + Count.of(versionsGivenUp, "earlier version")
            + " of "
            + bytesGivenUp
            + " bytes went for it since the start, before their time";
    return givenUp;
  }

  /** The last of it; empty while nothing went. */
  String givenUp() {
    return givenUp;
  }

  private synchronized void lacks(Tree.Space space, long bytes) {
    if (waiting == NOTHING) {
      telling.paused(space.lacks(bytes).detail());
    }
    waiting = waiting == NOTHING ? bytes : Math.min(waiting, bytes);
  }

  /** A smaller file may fit while the one that did not waits still: that is no news. */
  private synchronized void suffices(Tree.Space space) {
    if (waiting != NOTHING && space.leaves(waiting)) {
      waiting = NOTHING;
      telling.goesOn(Count.of(space.free(), "byte") + " free");
    }
  }

  /**
   * Gives up what is kept for another attempt after the disk itself refused to take more. A quota
   * is in no figure of what is free, and the part of a large file would use it up: nothing else
   * could be put on the disk, and nobody could write there, until that file fits.
   */
  void refused(Problem problem) {
    if (problem.kind() == Problem.Kind.DISK_FULL) {
      first.run();
      try {
        parts.drop(Instant.MAX);
      } catch (TreeException kept) {
        LOG.warn("what is kept for another attempt stays on a full disk: {}", kept.getMessage());
      }
    }
  }
}
