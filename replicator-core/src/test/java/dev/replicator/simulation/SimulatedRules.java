package dev.replicator.simulation;

import dev.replicator.kernel.PathFilter;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Set;

/** What a node keeps to itself, from its next start on. */
final class SimulatedRules implements PathFilter {
  private Set<Excluded> excluded = Set.of();

  private record Excluded(RelativePath path, EntryType type) {}

  void exclude(RelativePath path, EntryType type) {
    excluded = Set.of(new Excluded(path, type));
  }

  void excludeNothing() {
    excluded = Set.of();
  }

  Digest digest() {
    return Thing.digest("rules" + excluded);
  }

  @Override
  public boolean replicates(RelativePath path, EntryType type) {
    return !excluded.contains(new Excluded(path, type));
  }
}
