package dev.replicator.kernel;

import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import java.util.List;
import java.util.Optional;

/*
 * Who starts again reads all files that are younger than the checkpoint: a power cut may have taken
 * what was not synced. A kill takes something too: the daemon remembers of which files it read the
 * content in the very tick of a write, so that a second write of that tick left them their stamp.
 * While one of those is told and waits to be looked at, the checkpoint waits before it.
 *
 * Nothing is lost sight of by that. What was written after the last checkpoint, and has the stamp
 * of an earlier write, has one of about that time. It was told by the time the next sync ends; so
 * then it was looked at, or it waits and is seen here. Or it waits behind a look or an exchange, of
 * which nobody knows the stamp yet: then the checkpoint stays where it is. Only what cannot be read
 * at all does not hold it: recovery reads that again.
 */

/** Up to when a sync vouches for what is believed of the disk. */
final class Checkpoint {
  /** Of more looks nobody asks what is known of each. */
  private static final int LOOKS_MAX = 256;

  private final ReplicaState state;
  private final Paths paths;
  private final Scans scans;

  Checkpoint(ReplicaState state, Paths paths, Scans scans) {
    this.state = state;
    this.paths = paths;
    this.scans = scans;
  }

  /** Whether all that was told was looked at. */
  boolean isFree() {
    return paths.waiting(1).isEmpty() && scans.isDone();
  }

  /** A file was read within a write that began before all was told: nobody vouches for it yet. */
  void withinWrite(RelativePath path, long sinceMillis) {
    paths.openReads().add(path, sinceMillis, state.steadyMillis);
    if (sinceMillis < state.root().checkpointMillis()) {
      state.setRoot(state.root().withCheckpoint(sinceMillis));
    }
  }

  /** {@code millis}, or where the first write began of which nobody read the end. */
  long beforeOpenWrites(long millis) {
    return Math.min(millis, paths.openReads().sinceMillis());
  }

  /**
   * The next one.
   *
   * @param syncedMillis what was put before is on stable storage
   * @param toldMillis what somebody changed before was told
   */
  long next(long syncedMillis, long toldMillis) {
    long last = state.root().checkpointMillis();
    List<RelativePath> looks = paths.waiting(LOOKS_MAX + 1);
    boolean unclear = looks.size() > LOOKS_MAX || looks.stream().anyMatch(paths::isGettingStamp);
    if (unclear || !scans.isDone()) {
      return beforeOpenWrites(Math.min(syncedMillis, last));
    }
    long nextMillis = toldMillis;
    for (RelativePath path : looks) {
      Optional<Stamp> stamp = state.draft.materialised(path).map(Materialised::stamp);
      if (stamp.isPresent() && stamp.get().youngUntilMillis() >= last) {
        nextMillis = Math.min(nextMillis, stamp.get().youngUntilMillis());
      }
    }
    return beforeOpenWrites(Math.min(syncedMillis, Math.max(last, nextMillis)));
  }
}
