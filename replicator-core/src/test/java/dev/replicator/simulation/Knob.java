package dev.replicator.simulation;

import java.util.EnumSet;
import java.util.Set;

/** Something that a run may see; each seed draws which. */
enum Knob {
  CUTS,
  KILLS,
  POWER_CUTS,
  LOST_JOURNALS,
  IMAGES,

  // From here on: seeds from Swarm.SEEDS on alone.
  DISK_ERRORS,
  FULL_DISKS,
  JOURNAL_ERRORS,
  SYNC_ERRORS,
  SLOW_LINKS,
  ONE_WAY_STALLS,
  MISSED_EVENTS,
  UNMOUNTED_ROOTS,
  EMPTIED_ROOTS,
  SWAPPED_ROOTS,
  RENAME_STORMS,
  CROSSED_MOVES,
  TYPE_CHANGES,
  FEW_NAMES,
  PATH_BY_PATH,

  // From here on: seeds from Swarm.BOUNDED_SEEDS on alone.
  TINY_BOUNDS,

  // From here on: seeds from Swarm.HONEST_SEEDS on alone.
  CLOCK_STEPS,
  REPEATED_EVENTS,
  UNORDERED_EVENTS,
  BARRIERS,

  // From here on: seeds from Swarm.TICKING_SEEDS on alone.
  TICKING_CLOCKS,

  // From here on: seeds from Swarm.TOGETHER_SEEDS on alone.
  TOGETHER,

  // From here on: seeds from Swarm.ADMINISTERED_SEEDS on alone.
  CHANGED_RULES,
  CHANGED_PEERS,
  PRIVATE_MODES;

  /**
   * What counts as a kind of fault: not what users do, nor what a machine is like, as small bounds
   * or a watcher without an order.
   */
  static final Set<Knob> FAULTS =
      EnumSet.of(
          CUTS,
          KILLS,
          POWER_CUTS,
          LOST_JOURNALS,
          IMAGES,
          DISK_ERRORS,
          FULL_DISKS,
          JOURNAL_ERRORS,
          SYNC_ERRORS,
          SLOW_LINKS,
          ONE_WAY_STALLS,
          MISSED_EVENTS,
          UNMOUNTED_ROOTS,
          EMPTIED_ROOTS,
          SWAPPED_ROOTS,
          CLOCK_STEPS,
          REPEATED_EVENTS);
}
