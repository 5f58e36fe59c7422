package dev.replicator.block;

/** What a plan leads to. */
public sealed interface Goal {
  /** Dual primary and mounted. */
  record Up() implements Goal {}

  /**
   * Down, in the order that leaves no split brain.
   *
   * @param alone whether the peer may go on as the only primary; otherwise both are made secondary
   *     before either disconnects, and the next {@code up} needs no resync
   */
  record Down(boolean alone) implements Goal {}

  /**
   * Both disks compared block by block.
   *
   * @param begun whether this run has begun it
   * @param before what the kernel said of the last verify then
   */
  record Verified(boolean begun, String before) implements Goal {
    public static final Verified FRESH = new Verified(false, "");
  }

  /** Up, after a split brain or a verify that found differences; the victim's changes are lost. */
  record Resolved(String victim) implements Goal {}
}
