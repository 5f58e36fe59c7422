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

  /**
   * Whether programs here read and write as they should, though it is not healthy: while a side
   * catches up or is compared, a primary serves all the same, from the peer's disk where its own is
   * behind.
   */
  boolean serves() {
    boolean moving =
        switch (assessment) {
          case Assessment.Syncing _, Assessment.Verifying _ -> true;
          case Assessment.Basis _, Assessment.Link _, Assessment.Service _ -> false;
        };
    return moving
        && mounted
        && drbd.map(state -> state.role() == Role.PRIMARY && !state.frozen()).orElse(false);
  }

  /** "Connected Primary/Primary UpToDate/UpToDate"; "" when the kernel has no such resource. */
  public String drbdText() {
    return drbd.map(Drbd::text).orElse("");
  }
}
