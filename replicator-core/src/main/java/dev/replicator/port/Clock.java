package dev.replicator.port;

/** The time of the machine. */
public interface Clock {
  /** Milliseconds since the epoch; may jump either way. */
  long wallMillis();

  /** Nanoseconds from an arbitrary origin; never goes back. */
  long monotonicNanos();

  /** Names the running boot of the machine: another text after every reboot. */
  String bootId();

  /** When this boot began, milliseconds since the epoch, 0 where it is not known. */
  long bootMillis();
}
