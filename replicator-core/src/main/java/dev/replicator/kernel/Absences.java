package dev.replicator.kernel;

import dev.replicator.model.Count;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes writes of absences that were judged, and holds those that nobody may have meant. */
final class Absences {
  private static final long LATELY_MILLIS = 60_000;

  private final ReplicaState state;
  private final Paths paths;
  private final Births births;
  private final Records records;
  private final Deletions deletions;
  private final Health health;
  private final Applies applies;
  private final Arrivals arrivals;
  private final Doubtful doubtful;
  private long written;

  /** Deletions of which none came longer than {@link #LATELY_MILLIS} after the one before. */
  private long lately;

  private long lastMillis = -LATELY_MILLIS;

  /** Takes what has to be looked at once more before it is deleted. */
  interface Doubtful {
    /** Something is or happened there since: the next look says what, and ends no scan before. */
    void again(RelativePath path);

    /** A directory is gone: whatever is in it is looked at after that. */
    void away(RelativePath directory);

    /** What is believed to be in it is not known to be. */
    void below(RelativePath directory);

    /** Whether nobody may delete it yet. */
    boolean isToWait(RelativePath path);
  }

  Absences(
      ReplicaState state,
      Paths paths,
      Births births,
      Records records,
      Deletions deletions,
      Health health,
      Applies applies,
      Arrivals arrivals,
      Doubtful doubtful) {
    this.state = state;
    this.paths = paths;
    this.births = births;
    this.records = records;
    this.deletions = deletions;
    this.health = health;
    this.applies = applies;
    this.arrivals = arrivals;
    this.doubtful = doubtful;
  }

  /** Deletions that were written since the start. */
  long written() {
    return written;
  }

  /**
   * The root was looked at, and is itself.
   *
   * @param empty whether it holds nothing at all
   */
  void judge(boolean empty) {
    Deletions.Verdict verdict =
        deletions.judge(empty, state.index.materialisedCount(), state.steadyMillis);
    if (verdict.held() > 0) {
      hold(
          verdict.reason()
              + ": "
              + Count.of(deletions.heldCount(), "deletion is", "deletions are")
              + " held until `replicator approve`, or until the files are back"
              + lately());
      state.alarm(health.reason());
      // The index is not what somebody replaces who writes to one of these meanwhile.
      deletions.held().forEach(births.looks()::held);
    }
    delete(verdict.deleted());
  }

  /** Who emptied the root for longer than the guard waits has to know what it did not hold. */
  private String lately() {
    return state.steadyMillis - lastMillis < LATELY_MILLIS
        ? "; "
            + Count.of(lately, "deletion", "deletions")
            + " before them went to the peers already"
        : "";
  }

  private void hold(String reason) {
    health.hold(reason);
    state.setRoot(state.root().withHolding(true));
  }

  /** What was held when the daemon ended stays held; the scan of this start finds it again. */
  void resumeHold() {
    if (state.root().holding()) {
      deletions.resume();
      health.hold("deletions were held before this start, and are looked for");
    }
  }

  /** Lets go on what is held; tells how many, none when no hold stands. */
  OptionalInt approve() {
    if (!deletions.isHolding()) {
      return OptionalInt.empty();
    }
    int count = deletions.heldCount();
    endHold();
    delete(deletions.approve(state.steadyMillis));
    return OptionalInt.of(count);
  }

  /** A hold is over when all that it held is there again. */
  void endHoldWhenOver() {
    if (!health.isLost() && deletions.endHold()) {
      endHold();
    }
  }

  private void endHold() {
    health.release();
    state.setRoot(state.root().withHolding(false));
  }

  /** Children before their directories. */
  private void delete(List<RelativePath> absent) {
    for (RelativePath path : absent) {
      boolean below = records.firstBelow(path).isPresent();
      if (below) {
        doubtful.away(path);
      }
      if (below && !arrivals.isElsewhere(path)) {
        doubtful.below(path);
      }
      if (below || paths.isBusy(path) || paths.isSuspect(path)) {
        doubtful.again(path);
      } else {
        delete(path);
      }
    }
  }

  /**
   * A directory was judged to be gone, and the look after that found nothing, too. When it is
   * elsewhere now, what was in it went with it: nobody has to look for that, nor to judge it.
   */
  void confirmed(RelativePath path) {
    if (!arrivals.isElsewhere(path)) {
      return;
    }
    int max = state.settings.bounds().groupMembers();
    List<RelativePath> along = Deletions.deepestFirst(records.presentBelow(path, max).keySet());
    // One that is to be looked at again may be back, and what is in it then has no event.
    boolean may = !paths.isSuspect(path) && along.stream().allMatch(this::mayGo);
    if (along.size() < max && may) {
      along.forEach(deletions::present);
      deletions.present(path);
      delete(along);
      delete(List.of(path));
    } else {
      doubtful.below(path);
    }
  }

  private boolean mayGo(RelativePath path) {
    return !deletions.isHeld(path)
        && !doubtful.isToWait(path)
        && !paths.isBusy(path)
        && !paths.isSuspect(path);
  }

  private void delete(RelativePath path) {
    Optional<Materialised> before = state.draft.materialised(path);
    if (before.isEmpty() || !before.get().entry().isPresent()) {
      return;
    }
    EntryType type = before.get().entry().type();
    if (!state.settings.filter().replicates(path, type)) {
      state.draft.dropMaterialised(path);
      return;
    }
    Record record = records.of(path);
    LocalWrite write =
        LocalWrite.of(
            record,
            before,
            Knowledge.NONE,
            Suspects.NO_STAMP,
            Target.ABSENT,
            false,
            !births.doubts(path),
            births::wrote,
            () -> births.pen(record, false));
    state.draft.putMaterialised(path, write.materialised());
    if (write.written()) {
      written++;
      lately = state.steadyMillis - lastMillis < LATELY_MILLIS ? lately + 1 : 1;
      lastMillis = state.steadyMillis;
      long group = arrivals.groupOf(path).id();
      records.store(path, write, group);
    }
    births.looks().saw(path, false);
    applies.reconcile(path);
    applies.childGone(path);
  }
}
