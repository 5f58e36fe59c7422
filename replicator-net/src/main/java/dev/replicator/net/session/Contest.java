package dev.replicator.net.session;

import org.jspecify.annotations.Nullable;

/** A connection of another run of a peer's daemon, while the one that has the session is asked. */
final class Contest {
  final Connection newcomer;

  /** What the other side said meanwhile. */
  Control.@Nullable Ready ready;

  Contest(Connection newcomer) {
    this.newcomer = newcomer;
  }
}
