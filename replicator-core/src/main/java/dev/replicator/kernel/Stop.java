package dev.replicator.kernel;

import java.util.Optional;

/*
 * A clean stop promises that a later power cut takes nothing: the marker comes after a sync, and
 * not in a boot in which one failed. What an earlier crash cut off may take minutes to be read: the
 * next start settles it again.
 */

/** The end of a daemon, once nothing is under way any more. */
final class Stop {
  private final ReplicaState state;
  private final Paths paths;
  private final Applies applies;
  private final Syncs syncs;
  private final Health health;
  private Optional<Long> asked = Optional.empty();
  private boolean begun;

  Stop(ReplicaState state, Paths paths, Applies applies, Syncs syncs, Health health) {
    this.state = state;
    this.paths = paths;
    this.applies = applies;
    this.syncs = syncs;
    this.health = health;
  }

  void asked(long request) {
    asked = Optional.of(request);
    begun = true;
    applies.stop();
  }

  /** Whether nothing new begins any more. */
  boolean isBegun() {
    return begun;
  }

  /**
   * Runs {@code task} unless nothing new begins any more. What peers say from then on is for the
   * next start: who greeted one of them now, perhaps as somebody else since no answer is heard any
   * more, would have him forget what only he remembers of this node.
   */
  void unlessBegun(Runnable task) {
    if (!begun) {
      task.run();
    }
  }

  /** Whether it waits for what is under way. */
  boolean isWaiting() {
    return asked.isPresent();
  }

  void endWhenAtRest() {
    if (asked.isEmpty()) {
      return;
    }
    if (health.isLost()) {
      end(new Answer.Refused("the root is not there, and nothing of it can be synced"));
    } else if (paths.inFlight() == applies.cutOff()
        && !syncs.isRunning()
        && (!syncs.hasUnsynced() || state.root().syncFailed())) {
      boolean failed = state.root().syncFailed();
      syncs.stopped();
      state.setRoot(state.root().withBoot(state.root().bootId(), !failed));
      end(
          failed
              ? new Answer.Refused("a sync failed since the machine was started")
              : new Answer.Done("stopped"));
    }
  }

  private void end(Answer answer) {
    state.emit(new Effect.Reply(asked.orElseThrow(), answer));
    asked = Optional.empty();
  }
}
