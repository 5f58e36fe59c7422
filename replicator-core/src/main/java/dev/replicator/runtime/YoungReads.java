package dev.replicator.runtime;

import dev.replicator.model.Stamp;
import java.util.LinkedHashSet;

/*
 * File systems tell the time in ticks: of up to 10 ms before Linux 6.13, which tells a finer one
 * once somebody looked. Who writes twice within a tick, and as much each time, leaves the stamp
 * that the file had when it was read in between. So a file that was read so soon after it had
 * changed is not believed to be as it was because its stamp is: it is read again when somebody
 * tells of it.
 */

/** Stamps with which files were read while their clock had not gone on. Thread-safe. */
final class YoungReads {
  /** Two of the longest ticks: that of the machine's clock may be another. */
  static final long YOUNG_MILLIS = 20;

  /** What nobody tells of again stays until so many others came. */
  static final int STAMPS_MAX = 4_096;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LinkedHashSet<Stamp> stamps = new LinkedHashSet<>();

  /**
   * A file was read, and had {@code stamp} before and after.
   *
   * @param beganMillis the time of the machine when that began
   */
  synchronized void read(Stamp stamp, long beganMillis) {
    stamps.remove(stamp);
    boolean young = beganMillis - stamp.ctimeNanos() / NANOS_PER_MILLI < YOUNG_MILLIS;
    if (young && stamp.ctimeNanos() != 0) {
      stamps.add(stamp);
      if (stamps.size() > STAMPS_MAX) {
        stamps.removeFirst();
      }
    }
  }

  /** Whether a file that has {@code stamp} may have been written to since it was read with it. */
  synchronized boolean has(Stamp stamp) {
    return stamps.contains(stamp);
  }
}
