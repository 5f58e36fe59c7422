package dev.replicator.block;

import java.util.Optional;
import java.util.OptionalLong;

/** A root as one look shows it, for people and machines. */
public record BlockStatus(
    Assessment assessment,
    Optional<Drbd> drbd,
    Optional<Progress> progress,
    OptionalLong outOfSyncKib,
    boolean mounted) {
  static BlockStatus of(BlockConfig config, String self, Observation seen) {
    return new BlockStatus(
        Assessor.assess(config, self, seen),
        seen.resource(),
        seen.progress(),
        seen.resource().map(Drbd::outOfSyncKib).orElse(OptionalLong.empty()),
        seen.mounted().found().filter(Observation.Mounted.Here.class::isInstance).isPresent());
  }

  /** "Connected Primary/Primary UpToDate/UpToDate"; "" when the kernel has no such resource. */
  public String drbdText() {
    return drbd.map(Drbd::text).orElse("");
  }
}
