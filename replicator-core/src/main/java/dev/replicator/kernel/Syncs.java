package dev.replicator.kernel;

import dev.replicator.model.JournalWrite;
import dev.replicator.model.NodeId;
import dev.replicator.model.Sequence;
import dev.replicator.model.Stamp;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/*
 * The checkpoint is told in the time of the file system, which is what stamps are compared to. So
 * it never lies after anything that is put later, though somebody sets the clock back: it is
 * lowered before the next append, and a sync vouches for what was put before its beginning by the
 * earliest of all clocks that were seen while it ran.
 */

/** Brings what was appended and applied to stable storage, now and then and all together. */
final class Syncs {
  private static final long PAUSE_MILLIS = 1_000;

  /** Nothing waits for one that does not vouch for anything. */
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 60_000;

  private static final long PAUSE_WHEN_BEHIND_MILLIS = 10_000;
  private static final long PAUSE_WHEN_BEHIND_MILLIS_MAX = 600_000;

  private final ReplicaState state;
  private final Births births;
  private final Applies applies;
  private final Sessions sessions;
  private final FactsBook facts;
  private final Checkpoint checkpoint;
  private Map<NodeId, Sequence> mergedWhenSyncing = Map.of();
  private boolean syncing;
  private boolean unsynced;

  /** How many began, and which of them was the last that ended well. */
  private long begun;

  private long ended;
  private long nextMillis;
  private long beganMillis;
  private long lastStepSteadyMillis;

  /** What was put before the last sync began is on stable storage. */
  private OptionalLong syncedMillis = OptionalLong.empty();

  /** A checkpoint that goes so far has no start read again what was synced at last. */
  private long wantedMillis = Long.MIN_VALUE;

  /** By the steady clock, when the checkpoint is to be moved on though nothing changed. */
  private long againMillis = Long.MAX_VALUE;

  private long pauseWhenBehindMillis = PAUSE_WHEN_BEHIND_MILLIS;

  /** From the steady clock to the wall clock: the least since the sync began. */
  private long aheadMillis;

  Syncs(
      ReplicaState state,
      Births births,
      Applies applies,
      Sessions sessions,
      FactsBook facts,
      Checkpoint checkpoint) {
    this.state = state;
    this.births = births;
    this.applies = applies;
    this.sessions = sessions;
    this.facts = facts;
    this.checkpoint = checkpoint;
  }

  /** What was put before this start is no younger than what the journal says of it. */
  void start() {
    lastStepSteadyMillis = state.steadyMillis;
    unsynced = true;
  }

  /** At the start of a step: since the last one, the clock may have been set. */
  void watchClock() {
    long ahead = state.wallMillis - state.steadyMillis;
    aheadMillis = Math.min(aheadMillis, ahead);
    long lastStepMillis = lastStepSteadyMillis + ahead;
    if (state.root().checkpointMillis() > lastStepMillis) {
      state.setRoot(state.root().withCheckpoint(lastStepMillis));
    }
    syncedMillis.ifPresent(
        synced -> syncedMillis = OptionalLong.of(Math.min(synced, lastStepMillis)));
    wantedMillis = Math.min(wantedMillis, lastStepMillis + Stamp.YOUNG_MILLIS);
    lastStepSteadyMillis = state.steadyMillis;
  }

  /**
   * @param asked somebody waits for one that begins now, whether or not anything changed
   */
  void begin(boolean atOnce, boolean asked) {
    boolean due = state.steadyMillis >= nextMillis || atOnce || asked;
    boolean again = state.steadyMillis >= againMillis || asked;
    if (!syncing && due && (hasUnsynced() || again)) {
      wantedMillis = hasUnsynced() ? state.wallMillis + Stamp.YOUNG_MILLIS : wantedMillis;
      againMillis = Long.MAX_VALUE;
      syncing = true;
      unsynced = false;
      nextMillis =
          state.steadyMillis
              + (state.root().syncFailed() ? PAUSE_AFTER_FAILURE_MILLIS : PAUSE_MILLIS);
      beganMillis = state.steadyMillis;
      aheadMillis = state.wallMillis - state.steadyMillis;
      mergedWhenSyncing = sessions.mergedNow();
      facts.syncBegins();
      begun++;
      state.emit(new Effect.Sync(applies.takeApplied()));
    }
  }

  /** Everything before {@code startedMillis} of the clock as it was then is on stable storage. */
  void ended(long startedMillis) {
    syncing = false;
    if (!state.root().syncFailed()) {
      syncedMillis = OptionalLong.of(Math.min(startedMillis, beganMillis + aheadMillis));
      sessions.synced(mergedWhenSyncing);
      unsynced = facts.syncEnded() || unsynced;
      ended = begun;
    }
  }

  /** Once this one has ended, all that is here now is on stable storage. */
  long next() {
    return begun + 1;
  }

  boolean hasEnded(long sync) {
    return ended >= sync;
  }

  /**
   * Moves the checkpoint on, unless an earlier crash took something: until that was looked for, a
   * sync does not vouch for it, and a start that comes before is to look for it, too. What waits to
   * be looked at holds it back: it is moved later then, though nothing more changes.
   */
  void told(long millis) {
    if (syncedMillis.isEmpty() || state.root().syncFailed()) {
      return;
    }
    long last = state.root().checkpointMillis();
    long next = vouches() ? checkpoint.next(syncedMillis.getAsLong(), millis) : last;
    if (next != last) {
      state.setRoot(state.root().withCheckpoint(next));
    }
    boolean behind = next <= wantedMillis;
    againMillis = behind ? state.steadyMillis + pauseWhenBehindMillis : Long.MAX_VALUE;
    // What holds it may do so for days, as in a root that is paused.
    pauseWhenBehindMillis =
        next == last
            ? Math.min(2 * pauseWhenBehindMillis, PAUSE_WHEN_BEHIND_MILLIS_MAX)
            : PAUSE_WHEN_BEHIND_MILLIS;
  }

  void withinWrite(Event.ReadWithinWrite read) {
    checkpoint.withinWrite(read.path(), read.sinceMillis());
  }

  /** Whether what an earlier crash may have taken was looked for. */
  private boolean vouches() {
    return !births.isAdopting() || births.isWhole();
  }

  /**
   * The root stops, and all is synced. Where nothing waits to be looked at, the next start need not
   * take what a disk damaged meanwhile for what somebody wrote in the tick of a read.
   */
  void stopped() {
    if (vouches() && !state.root().syncFailed() && checkpoint.isFree()) {
      state.setRoot(state.root().withCheckpoint(checkpoint.beforeOpenWrites(state.wallMillis)));
    }
  }

  /**
   * What could not be written may pass for written from now on, whatever a later sync says, until
   * the machine has forgotten what it holds. So nothing is vouched for until another boot, and the
   * start after that reads again what is younger than the checkpoint.
   */
  void failed() {
    state.setRoot(state.root().withSyncFailed(true));
    state.syncAppend();
  }

  boolean isRunning() {
    return syncing;
  }

  boolean hasUnsynced() {
    return unsynced || applies.hasApplied() || sessions.hasUnsynced();
  }

  /** At the end of a step. */
  void note(List<Effect> effects) {
    boolean syncs = effects.stream().anyMatch(Effect.Sync.class::isInstance);
    unsynced = !syncs && (unsynced || effects.stream().anyMatch(Syncs::needsSync));
  }

  private static boolean needsSync(Effect effect) {
    return effect instanceof Effect.Append append
        && append.writes().stream()
            .anyMatch(write ->
                !(write instanceof JournalWrite.PutRoot
                    || write instanceof JournalWrite.PutPending));
  }

  long wakeAtMillis() {
    long again = againMillis == Long.MAX_VALUE ? againMillis : Math.max(againMillis, nextMillis);
    return syncing ? Long.MAX_VALUE : hasUnsynced() ? nextMillis : again;
  }
}
