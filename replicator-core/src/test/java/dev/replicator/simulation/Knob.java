package dev.replicator.simulation;

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
  TINY_BOUNDS
}
