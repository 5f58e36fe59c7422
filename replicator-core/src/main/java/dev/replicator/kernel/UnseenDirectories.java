package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.Optional;
import java.util.TreeSet;

/** Directories that went or came, and are to be looked at before what is in them. */
final class UnseenDirectories {
  private final Deletions deletions;

  /** Those that were to be deleted but for what is believed to be in them. */
  private final TreeSet<RelativePath> away = new TreeSet<>();

  /** Those that came under their names, perhaps by what this node itself put there. */
  private final TreeSet<RelativePath> moved = new TreeSet<>();

  UnseenDirectories(Deletions deletions) {
    this.deletions = deletions;
  }

  void away(RelativePath directory) {
    away.add(directory);
  }

  boolean isAway(RelativePath directory) {
    return away.contains(directory);
  }

  void moved(RelativePath directory) {
    moved.add(directory);
  }

  /** A directory above {@code path} that was seen to be absent, and was not looked at since. */
  Optional<RelativePath> above(RelativePath path) {
    return away.isEmpty() && !deletions.isWaiting()
        ? Optional.empty()
        : path.firstAbove(above -> away.contains(above) || deletions.isToBeJudged(above));
  }

  boolean isMoved(RelativePath directory) {
    return moved.contains(directory);
  }

  void looked(RelativePath path) {
    away.remove(path);
    moved.remove(path);
  }
}
