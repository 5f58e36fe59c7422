package dev.replicator.kernel;

import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.Map;
import java.util.Optional;

/** Takes up what could not be done, again and again, each time after a longer rest. */
final class Retries {
  static final Problem CHANGED_MEANWHILE = new Problem(Problem.Kind.BUSY, "it changed meanwhile");

  private static final long DELAY_MILLIS = 500;
  private static final long DELAY_MILLIS_MAX = 10_000;
  private static final int DOUBLINGS_MAX = 7;
  private static final long PAUSE_MILLIS = 1_000;
  private static final int TRIES_AT_ONCE_MAX = 3;

  private final ReplicaState state;
  private final Paths paths;
  private final Records records;
  private final ParentWaits waitingForParent;
  private RelativePath cursor = RelativePath.ROOT;
  private long atMillis;

  Retries(ReplicaState state, Paths paths, Records records, ParentWaits waitingForParent) {
    this.state = state;
    this.paths = paths;
    this.records = records;
    this.waitingForParent = waitingForParent;
  }

  static long delayMillis(int tries) {
    return Math.min(DELAY_MILLIS << Math.min(tries, DOUBLINGS_MAX), DELAY_MILLIS_MAX);
  }

  void postpone(RelativePath path, Problem problem) {
    Optional<Pending> before = state.draft.pending(path);
    int tries = before.map(Pending::tries).orElse(0);
    state.draft.putPending(
        path,
        new Pending(
            problem,
            before.map(Pending::sinceMillis).orElse(state.wallMillis),
            state.wallMillis + delayMillis(tries),
            tries + 1));
    paths.forgetWork(path);
  }

  /**
   * Of two things to do at {@code path} the first is tried at even tries, the other at odd ones.
   */
  boolean isEvenTry(RelativePath path) {
    return state.draft.pending(path).map(pending -> pending.tries() % 2 == 0).orElse(true);
  }

  /** A path that failed again and again waits for its time, whatever happens around it. */
  boolean mustRest(RelativePath path) {
    return state
        .draft
        .pending(path)
        .map(pending -> pending.tries() > TRIES_AT_ONCE_MAX && !isDue(pending))
        .orElse(false);
  }

  /** The journal tells it by the wall clock; one that was set back since makes nothing wait. */
  boolean isDue(Pending pending) {
    long rest = pending.nextTryMillis() - state.wallMillis;
    return rest <= 0 || rest > DELAY_MILLIS_MAX;
  }

  /** Everything that waits for a peer may go on. */
  void now() {
    cursor = RelativePath.ROOT;
    atMillis = 0;
    retry(true);
  }

  long wakeAtMillis() {
    return atMillis;
  }

  void tick() {
    if (state.steadyMillis >= atMillis && paths.hasRoomForWork()) {
      atMillis = state.steadyMillis + PAUSE_MILLIS;
      retry(false);
    }
  }

  private void retry(boolean contentMissing) {
    if (state.index.pendingCount() == 0) {
      return;
    }
    Map<RelativePath, Pending> page =
        state.index.pendingAfter(cursor, state.settings.bounds().work() / 2);
    RelativePath last = RelativePath.ROOT;
    for (Map.Entry<RelativePath, Pending> entry : page.entrySet()) {
      last = entry.getKey();
      Pending pending = entry.getValue();
      boolean asked = contentMissing && pending.problem().kind() == Problem.Kind.CONTENT_MISSING;
      if (asked) {
        state.draft.putPending(
            last, new Pending(pending.problem(), pending.sinceMillis(), state.wallMillis, 0));
      }
      if ((asked || isDue(pending)) && !paths.isSuspect(last)) {
        retry(last, pending.problem().kind());
      }
    }
    cursor = page.size() < state.settings.bounds().work() / 2 ? RelativePath.ROOT : last;
  }

  private void retry(RelativePath path, Problem.Kind kind) {
    if (kind == Problem.Kind.WAITING && !paths.isUnread(path)) {
      // What is to go waits for no directory any more, though there was no room when that was told.
      if (!waitingForParent.contains(path) || !records.effective(path).isPresent()) {
        paths.enqueue(path);
      }
      return;
    }
    boolean known = records.find(path).isPresent() || records.effective(path).isPresent();
    boolean wanted = known && !records.showing(path).isSettledBy(state.draft.materialised(path));
    // What was written here and not looked at might be what is wanted, or stand in its way.
    if (wanted && !paths.isUnread(path)) {
      paths.enqueue(path);
    } else {
      paths.lookAgain(path);
    }
  }
}
