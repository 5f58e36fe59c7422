package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * The directories that a scan has still to read, shared by those who work on it. The one found last
 * comes first: a tree is read branch by branch, and little of it waits at any time.
 */
final class OpenDirectories {
  private final ArrayDeque<RelativePath> waiting = new ArrayDeque<>();
  private int busy;
  private boolean broken;

  OpenDirectories(RelativePath first) {
    waiting.push(first);
  }

  /** The next one; empty once all were read, or one could not be. */
  synchronized Optional<RelativePath> take() {
    try {
      while (waiting.isEmpty() && busy > 0 && !broken) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      broken = true;
    }
    if (waiting.isEmpty() || broken) {
      return Optional.empty();
    }
    busy++;
    return Optional.of(waiting.pop());
  }

  /** One that was taken was compared; {@code below} are the directories in it, in order. */
  synchronized void done(List<RelativePath> below) {
    below.reversed().forEach(waiting::push);
    busy--;
    notifyAll();
  }

  /** One that was taken was not compared, and nothing can be said of the whole. */
  synchronized void failed() {
    broken = true;
    busy--;
    notifyAll();
  }

  /**
   * Returns once nobody works on one any more.
   *
   * @return whether all were compared
   */
  synchronized boolean await() {
    boolean interrupted = false;
    while (busy > 0) {
      try {
        wait();
      } catch (InterruptedException asked) {
        interrupted = true;
        broken = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !broken;
  }
}
