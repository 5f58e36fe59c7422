package dev.replicator.simulation;

import dev.replicator.filter.Action;
import dev.replicator.filter.FilterRules;
import dev.replicator.filter.ParsedRules;
import dev.replicator.filter.RuleSource;
import dev.replicator.filter.Verdict;
import dev.replicator.kernel.PathFilter;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Set;

/** What a node keeps to itself, from its next start on. */
final class SimulatedRules implements PathFilter {
  private Set<Excluded> excluded = Set.of();
  private Patterns configured = Patterns.NONE;
  private Patterns inForce = Patterns.NONE;
  private FilterRules filter = FilterRules.none();

  private record Excluded(RelativePath path, EntryType type) {}

  /** As in the configuration; what is included is taken back from what is excluded. */
  record Patterns(List<String> exclude, List<String> include) {
    static final Patterns NONE = new Patterns(List.of(), List.of());

    private FilterRules parsed() {
      var sources =
          List.<RuleSource>of(
              new RuleSource.Patterns("exclude", Action.LOCAL, exclude),
              new RuleSource.Patterns("include", Action.REPLICATE, include));
      return switch (FilterRules.parse(sources)) {
        case ParsedRules.Usable(FilterRules rules, List<String> _) -> rules;
        case ParsedRules.Unusable unusable -> throw new IllegalArgumentException("" + unusable);
      };
    }
  }

  void exclude(RelativePath path, EntryType type) {
    excluded = Set.of(new Excluded(path, type));
  }

  void excludeNothing() {
    excluded = Set.of();
  }

  /** As an administrator writes it; the next start reads that. */
  void configure(Patterns patterns) {
    configured = patterns;
  }

  Patterns configured() {
    return configured;
  }

  Patterns inForce() {
    return inForce;
  }

  /** The daemon starts. */
  void begin() {
    if (!inForce.equals(configured)) {
      inForce = configured;
      filter = configured.parsed();
    }
  }

  boolean leavesOut() {
    return !inForce.equals(Patterns.NONE);
  }

  Digest digest() {
    return leavesOut() ? filter.fingerprint() : Thing.digest("rules" + excluded);
  }

  @Override
  public boolean replicates(RelativePath path, EntryType type) {
    return !excluded.contains(new Excluded(path, type))
        && (!leavesOut()
            || filter.decide(path, type == EntryType.DIRECTORY) instanceof Verdict.Replicate);
  }

  /** Whether a scan lists what is in a directory. */
  boolean mayReplicateBelow(RelativePath directory) {
    return !leavesOut() || filter.mayReplicateBelow(directory);
  }
}
