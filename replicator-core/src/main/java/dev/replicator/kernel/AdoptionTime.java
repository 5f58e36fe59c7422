package dev.replicator.kernel;

import dev.replicator.model.Adoption;
import dev.replicator.model.Stamp;
import java.util.concurrent.TimeUnit;

/*
 * Whose journal is new or old tells by the ctime what it finds from what somebody wrote since. A
 * machine whose clock was wrong when it started, for want of a battery, must not take a stale tree
 * for one that was written just now: its files would go over everybody's. So what has a time that
 * did not come yet was found; and when the clock is set forward, the moment in which the adoption
 * began is as much later by it.
 */

/** Tells what was there when an adoption began from what was written since. */
final class AdoptionTime {
  /** So far a clock that is put right may go back without what was just written being adopted. */
  private static final long SET_BACK_MILLIS = 1_000;

  private final ReplicaState state;
  private long beganMillis;

  /** How far the clock was ahead of the steady one when the adoption began. */
  private long aheadMillis;

  AdoptionTime(ReplicaState state) {
    this.state = state;
  }

  /** The daemon starts, or has another root: what is found from now on was there, or is written. */
  void begin() {
    beganMillis = state.wallMillis;
    aheadMillis = state.wallMillis - state.steadyMillis;
  }

  /** Adopts all that was there when it began, by the clock as it was then. */
  Adoption all() {
    return new Adoption(beganMillis, false);
  }

  boolean isFound(Adoption adoption, Stamp stamp) {
    long ctimeMillis = TimeUnit.NANOSECONDS.toMillis(stamp.ctimeNanos());
    long setForwardMillis = Math.max(0, state.wallMillis - state.steadyMillis - aheadMillis);
    return ctimeMillis <= adoption.beforeMillis() + setForwardMillis
        || ctimeMillis > state.wallMillis + SET_BACK_MILLIS;
  }
}
