package dev.replicator.block;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a node can tell the arbiter of itself and its peer. */
public sealed interface Footing {
  /** Both disks are up to date: whoever of the two loses the link freezes, and asks. */
  record Together(long generation) implements Footing {}

  /** One disk is known to be behind or gone: the other side goes on without asking anybody. */
  record Apart() implements Footing {}

  /** DRBD does not know the resource: whoever asks later has to have been together again first. */
  record Down() implements Footing {}

  /** Neither can be said, as while the link is cut: what was said before stays. */
  record Unclear() implements Footing {}

  /** Disks that keep DRBD from freezing, and a node from being asked for. */
  Set<DiskState> BEHIND =
      EnumSet.of(DiskState.DISKLESS, DiskState.FAILED, DiskState.INCONSISTENT, DiskState.OUTDATED);

  /**
   * What follows from a look.
   *
   * @param generation read before {@code state}: a state that is together then means it, or a later
   *     one, at which nobody can have stayed behind
   */
  static Footing of(Optional<GenerationIds> generation, Optional<Drbd> state) {
    if (state.isEmpty()) {
      return new Down();
    }
    Drbd drbd = state.get();
    if (BEHIND.contains(drbd.disk()) || BEHIND.contains(drbd.peerDisk())) {
      return new Apart();
    }
    boolean together =
        drbd.connected()
            && drbd.replication() == Replication.ESTABLISHED
            && drbd.bothUpToDate()
            && !drbd.frozen();
    return together && generation.filter(GenerationIds::whole).isPresent()
        ? new Together(generation.get().current())
        : new Unclear();
  }
}
