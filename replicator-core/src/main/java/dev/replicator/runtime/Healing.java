package dev.replicator.runtime;

import dev.replicator.kernel.Event;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/*
 * The replica is told that a path holds something else than it believes, and mends it as it brings
 * any other path to what its record shows. How that goes is seen from the journal.
 */

/** Has one damaged path healed, and tells how it ended. Runs on the root's thread. */
final class Healing {
  private static final long LOOK_MILLIS = 20;

  /** So often the replica is asked anew while it handles the path, or looks at it. */
  private static final int ASKED_MAX = 500;

  private final RootLoop loop;
  private final EngineParts parts;
  private final Damage damage;
  private final CompletableFuture<Ended> ended;
  private int asked;
  private int triesBefore;

  /**
   * A path, and what is there instead of what is believed.
   *
   * @param lists chunk lists of what is there
   */
  record Damage(RelativePath path, Materialised believed, Entry actual, List<JournalWrite> lists) {}

  /** What became of it; the reason is for people. */
  record Ended(VerifyReport.Fate fate, String reason) {}

  private Healing(RootLoop loop, EngineParts parts, Damage damage) {
    this.loop = loop;
    this.parts = parts;
    this.damage = damage;
    this.ended = loop.questions().open();
  }

  static CompletableFuture<Ended> begin(RootLoop loop, EngineParts parts, Damage damage) {
    Healing healing = new Healing(loop, parts, damage);
    loop.submit(healing::ask);
    return healing.ended;
  }

  private void ask() {
    triesBefore = tries();
    loop.stepAfter(
        damage.lists(), new Event.Damaged(damage.path(), damage.believed(), damage.actual()));
    Optional<Materialised> here = parts.journal().materialised(damage.path());
    boolean same = here.map(m -> m.stamp().equals(damage.believed().stamp())).orElse(false);
    if (isDamaged(here)) {
      watch();
    } else if (!same) {
      end(VerifyReport.Fate.OVERWRITTEN, "somebody wrote to it meanwhile");
    } else if (++asked < ASKED_MAX) {
      loop.later(LOOK_MILLIS, this::ask);
    } else {
      end(VerifyReport.Fate.NOT_HEALED, "it is being handled, or has too many names");
    }
  }

  private boolean isDamaged(Optional<Materialised> here) {
    return here.map(Materialised::entry).equals(Optional.of(damage.actual()));
  }

  private int tries() {
    return parts.journal().pending(damage.path()).map(Pending::tries).orElse(0);
  }

  private void watch() {
    Optional<Materialised> here = parts.journal().materialised(damage.path());
    Optional<Pending> pending = parts.journal().pending(damage.path());
    if (!isDamaged(here)) {
      boolean right = here.map(Materialised::entry).equals(Optional.of(damage.believed().entry()));
      end(right ? VerifyReport.Fate.HEALED : VerifyReport.Fate.OVERWRITTEN, "");
    } else if (pending.isEmpty()) {
      end(VerifyReport.Fate.OVERWRITTEN, "nothing else is to be there");
    } else if (pending.get().tries() > triesBefore && !isUnderWay(pending.get())) {
      end(VerifyReport.Fate.NOT_HEALED, pending.get().problem().toString());
    } else if (loop.replica().isPaused() || loop.replica().isRootLost()) {
      end(VerifyReport.Fate.NOT_HEALED, "nothing is changed here now: see `replicator status`");
    } else {
      loop.later(LOOK_MILLIS, this::watch);
    }
  }

  private static boolean isUnderWay(Pending pending) {
    Problem.Kind kind = pending.problem().kind();
    return kind == Problem.Kind.WAITING || kind == Problem.Kind.BUSY;
  }

  private void end(VerifyReport.Fate fate, String reason) {
    ended.complete(new Ended(fate, reason));
  }
}
