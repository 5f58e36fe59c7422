package dev.replicator.runtime;

import dev.replicator.kernel.Effect;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Stamp;

/** How a file that was found stands to what a look was told to expect. */
final class Expected {
  private Expected() {}

  /** Of what is new, such as an upload, its author is not done before he closed it once. */
  static boolean isThere(Effect.Inspect asked, Stamp stamp) {
    return asked.expected().map(was -> was.stamp().file().equals(stamp.file())).orElse(false);
  }

  /**
   * Whether it is the large file that was here, written to. Another one, what is left of it after
   * it was cut off, and other owners or modes show at once.
   */
  static boolean isWrittenAgain(Effect.Inspect asked, Stamp stamp) {
    return stamp.size() >= Limits.RESTING_BYTES_MIN
        && isThere(asked, stamp)
        && asked
            .expected()
            .map(Materialised::stamp)
            .map(was -> was.mtimeNanos() != stamp.mtimeNanos() || was.size() != stamp.size())
            .orElse(false);
  }
}
