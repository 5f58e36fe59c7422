package dev.replicator.runtime;

import dev.replicator.model.Problem;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.time.Instant;

/** A disk is never filled to the last block: the journal and the site need room to go on. */
final class FreeSpace {
  private final Tree tree;
  private final Parts parts;
  private volatile Runnable lacking = () -> {};
  private volatile Runnable first = () -> {};

  FreeSpace(Tree tree, Parts parts) {
    this.tree = tree;
    this.parts = parts;
  }

  /** Has {@code task} run whenever there is too little; it may come from any thread. */
  void whenLacking(Runnable task) {
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
    if (leaves(bytes)) {
      return;
    }
    first.run();
    if (leaves(bytes)) {
      return;
    }
    parts.drop(Instant.MAX);
    Tree.Space space = tree.space();
    if (!space.leaves(bytes)) {
      lacking.run();
      throw new TreeException(space.lacks(bytes));
    }
  }

  /**
   * Gives up what is kept for another attempt after the disk itself refused to take more. A quota
   * is in no figure of what is free, and the part of a large file would use it up: nothing else
   * could be put on the disk, and nobody could write there, until that file fits.
   */
  void refused(Problem problem) throws TreeException {
    if (problem.kind() == Problem.Kind.DISK_FULL) {
      first.run();
      parts.drop(Instant.MAX);
    }
  }
}
