package dev.replicator.simulation;

import dev.replicator.model.Intent;
import dev.replicator.model.RelativePath;
import java.util.Optional;

/** What users do just when nobody can tell what they did it to. */
final class UnseenActs {
  private final Lineage lineage;

  UnseenActs(Lineage lineage) {
    this.lineage = lineage;
  }

  /** The node was about to rename it so: who wrote to it did that to what was to be there. */
  void maybeAsIntended(SimulatedNode node, RelativePath path, Thing moved) {
    node.journal()
        .intent(path)
        .filter(intent -> intent.staged().filter(it -> it.inode() == moved.inode()).isPresent())
        .ifPresent(
            intent -> lineage.takenForWrite(path, Optional.of(moved), intent.target().entry()));
  }

  /** The power took the journal's memory of it: whoever changes it now is taken for its author. */
  void maybeUnknown(SimulatedNode node, RelativePath path, Thing there) {
    boolean known =
        node.journal()
            .materialised(path)
            .filter(was -> was.entry().equals(there.entry()))
            .isPresent();
    boolean lostPower =
        node.journal().root().stream()
            .anyMatch(root -> !root.clean() && !root.bootId().equals(node.bootId()));
    if (!node.isUp() && lostPower && !known) {
      lineage.writtenAgain(Lineage.version(path, there.text()));
    }
  }

  void maybeUnclear(SimulatedNode node, RelativePath path) {
    if (!node.isUp() && node.journal().intent(path).isPresent()) {
      lineage.unclearAt(path);
    }
  }

  /** What was put just before the daemon was killed goes away with the directory it is in. */
  void maybeUnclear(SimulatedNode node, RelativePath path, Thing going) {
    node.journal()
        .intent(path)
        .flatMap(Intent::staged)
        .filter(put -> put.inode() == going.inode())
        .ifPresent(put -> maybeUnclear(node, path));
  }
}
