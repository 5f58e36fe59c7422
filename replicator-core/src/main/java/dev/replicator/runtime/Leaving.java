package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Contents that are about to leave their paths: in a moment the vault has them. Who needs one for
 * another path, as after a move, waits that moment and need not ask a peer. Thread-safe.
 */
final class Leaving {
  /** Longer than any exchange takes; who waits in vain asks a peer. */
  private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  private final Map<Digest, Integer> contents = new HashMap<>();

  private static Optional<Digest> content(Intent intent) {
    return intent
        .expected()
        .filter(was -> was.entry() instanceof Entry.File)
        .map(was -> ((Entry.File) was.entry()).digest());
  }

  /** An exchange is ordered. */
  synchronized void begin(Intent intent) {
    content(intent).ifPresent(digest -> contents.merge(digest, 1, Integer::sum));
  }

  /** It ended, and what it displaced is in the vault, or will not be soon. */
  synchronized void end(Intent intent) {
    content(intent)
        .ifPresent(digest -> contents.computeIfPresent(digest, (same, n) -> n > 1 ? n - 1 : null));
    notifyAll();
  }

  synchronized void await(Digest content) throws InterruptedException {
    long until = System.nanoTime() + WAIT_NANOS_MAX;
    long left = WAIT_NANOS_MAX;
    while (contents.containsKey(content) && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = until - System.nanoTime();
    }
  }
}
