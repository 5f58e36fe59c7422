package dev.replicator.runtime;

import java.util.Optional;

/**
 * How long one look still waits for a file to come to rest, and what its tries have told so far.
 *
 * @param bytesRead in vain
 * @param earlier what the last try read
 */
record Tries(int count, long bytesRead, Optional<Reading> earlier) {
  static final int COUNT_MAX = 50;

  /** What is read in vain costs patience as well: so much is as good as a try. */
  static final long TRY_BYTES = 1024 * 1024;

  static final Tries FRESH = new Tries(0, 0, Optional.empty());
  static final Tries NONE = new Tries(COUNT_MAX, 0, Optional.empty());

  /** Then there is one more try, and what it finds is told. */
  boolean isOver() {
    return left() <= 0;
  }

  /** Whether it is over after the next try. */
  boolean isEnding() {
    return left() <= 1;
  }

  private long left() {
    return COUNT_MAX - count - bytesRead / TRY_BYTES;
  }

  Tries after(Inspector.Result.Restless restless) {
    return new Tries(
        count + 1, bytesRead + restless.bytesRead(), restless.read().or(() -> earlier));
  }
}
