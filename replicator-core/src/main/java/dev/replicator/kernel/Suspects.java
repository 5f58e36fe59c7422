package dev.replicator.kernel;

import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/** Looks at paths that may have changed, and turns what is found into writes. */
final class Suspects {
  static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final long UNSETTLED_MILLIS = 1_000;

  /** So long a look waits for that at the directory above. */
  private static final long BEHIND_MILLIS = 20;

  private final ReplicaState state;
  private final Paths paths;
  private final Births births;
  private final Records records;
  private final Deletions deletions;
  private final Health health;
  private final Applies applies;
  private final HardLinks hardLinks;
  private final Arrivals arrivals;
  private final TreeSet<RelativePath> unscanned = new TreeSet<>();
  private final Scans scans;
  private final TreeSet<RelativePath> heldForMerge = new TreeSet<>();
  private final UnseenDirectories unseen;
  private long repaired;

  Suspects(
      ReplicaState state,
      Paths paths,
      Births births,
      Records records,
      Deletions deletions,
      Health health,
      Applies applies,
      Scans scans,
      HardLinks hardLinks) {
    this.hardLinks = hardLinks;
    this.scans = scans;
    this.state = state;
    this.paths = paths;
    this.births = births;
    this.records = records;
    this.deletions = deletions;
    this.health = health;
    this.applies = applies;
    this.unseen = new UnseenDirectories(deletions);
    this.arrivals = new Arrivals(state, paths, records, deletions, applies.groups()::over);
  }

  void suspect(RelativePath path, Cause cause, boolean reread) {
    if (path.isRoot()) {
      return;
    }
    arrivals.suspected(path);
    if (cause == Cause.SCAN) {
      unscanned.add(path);
    }
    paths.suspect(path, new Paths.Suspicion(cause, reread));
  }

  /** A directory came under this name with all that is in it. */
  void movedIn(RelativePath directory) {
    if (applies.groups().wasPut(directory)) {
      // Perhaps by that very put: a look tells.
      unseen.moved(directory);
      suspect(directory, Cause.WATCH, false);
    } else {
      arrived(directory);
    }
  }

  private void arrived(RelativePath directory) {
    arrivals.begin(directory, scans.suspect(directory, Cause.WATCH));
  }

  void scanEnded(long scan, boolean whole) {
    scans.ended(scan, whole);
    // What nobody could read before is read once it was looked at, whoever told of it.
    state.root().unread().forEach(scope -> unscanned.addAll(paths.suspected(scope)));
    if (whole) {
      arrivals.listed(scan);
    }
  }

  long wakeAtMillis() {
    return arrivals.wakeAtMillis();
  }

  /**
   * Events of what is below {@code scope} were lost. A scan finds nothing of a name that was put
   * and is gone again while the index does not know that it was put: such are looked at by
   * themselves.
   */
  void suspectScope(RelativePath scope, Cause cause) {
    paths.changing(scope).forEach(path -> suspect(path, cause, false));
    scans.suspect(scope, cause);
  }

  /** Paths that a look found different from the index, since the start. */
  long repaired() {
    return repaired;
  }

  /** As {@link Scans#settle}. */
  void settleScans() {
    if (unscanned.isEmpty() && !deletions.isWaiting() && !health.isLost()) {
      scans.settle();
    }
  }

  /** Starts looks while there is room. */
  void dispatch() {
    arrivals.closeWhenDue();
    scans.dispatch();
    if (!paths.hasSuspects() || health.isLost() || state.isPaused()) {
      return;
    }
    births.knock();
    if (!births.mayWrite()) {
      return;
    }
    while (paths.hasCapacity()) {
      Optional<Map.Entry<RelativePath, Paths.Suspicion>> next = paths.nextSuspect();
      if (next.isEmpty()) {
        return;
      }
      RelativePath path = next.get().getKey();
      Paths.Suspicion suspicion = next.get().getValue();
      Optional<Materialised> here = state.draft.materialised(path);
      paths.beginInspecting(path, suspicion);
      state.emit(
          new Effect.Inspect(path, here.filter(m -> m.entry().isPresent()), suspicion.reread()));
    }
  }

  void inspected(RelativePath path, Observation observation) {
    Paths.Suspicion suspicion = paths.end(path);
    boolean settled =
        switch (observation) {
          case Observation.Gone gone -> gone(path, suspicion);
          case Observation.Unchanged unchanged -> unchanged(path);
          case Observation.Found found -> found(path, found, suspicion);
          case Observation.Unsettled unsettled -> {
            paths.suspectAt(state.steadyMillis + UNSETTLED_MILLIS, path, suspicion);
            yield false;
          }
          case Observation.Unreadable unreadable -> {
            notRead(path, suspicion, unreadable.problem());
            yield true;
          }
          case Observation.RootLost lost -> {
            rootLost(lost.problem());
            paths.suspect(path, suspicion);
            yield false;
          }
        };
    if (settled) {
      unseen.looked(path);
      arrivals.looked(path);
      unscanned.remove(path);
    }
  }

  private void notRead(RelativePath path, Paths.Suspicion suspicion, Problem problem) {
    boolean special = problem.kind() == Problem.Kind.SPECIAL;
    if (!special) {
      scans.unread(path);
      births.notSeen(path);
      paths.unread(path, suspicion);
    }
    if (special && isToBeAbsent(path)) {
      // A socket of somebody's stands in nobody's way: as good as nothing.
      absentAsKnown(path);
    } else {
      applies.postpone(path, problem);
    }
  }

  private boolean isToBeAbsent(RelativePath path) {
    boolean here = state.draft.materialised(path).filter(m -> m.entry().isPresent()).isPresent();
    return !here && !records.effective(path).isPresent();
  }

  /** A directory could not be listed; what it holds is unknown, and the rest goes on. */
  void unreadable(RelativePath directory, Problem problem) {
    scans.unread(directory);
    births.notSeen(directory);
    deletions.unreadable();
    if (!directory.isRoot() && !paths.isBusy(directory)) {
      applies.postpone(directory, problem);
    }
  }

  void rootLost(Problem problem) {
    if (!health.isLost()) {
      state.alarm("the root is not what it was: " + problem);
    }
    health.lost(problem.detail());
    deletions.distrust();
  }

  private boolean unchanged(RelativePath path) {
    births.vouch(path);
    boolean cameBack = deletions.present(path);
    applies.verified(path);
    boolean directory =
        state.draft.materialised(path).map(m -> m.entry().equals(Entry.DIRECTORY)).orElse(false);
    births.saw(path, directory);
    if ((cameBack || unseen.isMoved(path)) && directory) {
      // It was elsewhere for a while: what was put into it there has no event under this name.
      scans.begin(path, Cause.WATCH, Long.MAX_VALUE, () -> {});
    }
    return true;
  }

  private boolean found(RelativePath path, Observation.Found found, Paths.Suspicion suspicion) {
    Optional<RelativePath> above = unseen.above(path);
    if (above.isPresent()) {
      // What it is in came back or is another one: that is first to be seen.
      suspect(above.get(), Cause.WATCH, false);
      paths.suspectAt(state.steadyMillis + BEHIND_MILLIS, path, suspicion);
      return false;
    }
    boolean cameBack = deletions.present(path);
    heldForMerge.remove(path);
    EntryType type = found.actual().entry().type();
    if (!state.settings.filter().replicates(path, type)) {
      state.draft.dropPending(path);
      return true;
    }
    Optional<Materialised> before = births.knownBefore(path, found.actual().entry());
    births.vouch(path);
    boolean adopted = births.adopts(path, found.stamp());
    Record record = records.of(path);
    LocalWrite write =
        LocalWrite.of(
            record,
            before,
            found.stamp(),
            found.actual(),
            adopted,
            !births.doubts(path),
            () -> births.pen(record.clockMax(), adopted));
    if (found.actual().entry() instanceof Entry.File file) {
      putChunks(file, found.chunks());
    }
    state.draft.putMaterialised(path, write.materialised());
    if (write.written()) {
      repaired++;
      long group = arrivals.groupOf(path).id();
      records.store(path, write, group);
    }
    if (type != EntryType.DIRECTORY) {
      scans.read(path, records.firstBelow(path).isPresent());
    }
    births.saw(path, type == EntryType.DIRECTORY);
    applies.reconcile(path);
    hardLinks.found(path, before, write.materialised(), suspicion.cause());
    if (suspicion.cause() != Cause.SCAN) {
      lookBelow(path, before, found.stamp(), type, cameBack);
    }
    return true;
  }

  /** What is in a directory comes and goes with it, and no event may tell of each. */
  private void lookBelow(
      RelativePath path,
      Optional<Materialised> before,
      Stamp stamp,
      EntryType type,
      boolean cameBack) {
    boolean was = before.map(m -> m.entry().type() == EntryType.DIRECTORY).orElse(false);
    boolean another = was && before.get().stamp().inode() != stamp.inode();
    if (type == EntryType.DIRECTORY && (another || (!was && unseen.isMoved(path)))) {
      // It took the place of the one that was here, and may have been looked at before its event.
      arrived(path);
    } else if (type == EntryType.DIRECTORY && (!was || cameBack || unseen.isMoved(path))) {
      scans.begin(path, Cause.WATCH, Long.MAX_VALUE, () -> {});
    } else if (was && type != EntryType.DIRECTORY) {
      suspectBelow(path, Cause.WATCH);
    }
  }

  void putChunks(Entry.File file, ChunkList chunks) {
    if (file.size() > 0) {
      state.draft.add(new JournalWrite.PutChunks(file.digest(), chunks));
    }
  }

  private boolean gone(RelativePath path, Paths.Suspicion suspicion) {
    Optional<Materialised> before = state.draft.materialised(path);
    if (before.isEmpty() || !before.get().entry().isPresent()) {
      if (suspicion.cause() != Cause.SCAN && records.effective(path).equals(Entry.DIRECTORY)) {
        // It went before it was seen, and with it what had been seen in it.
        suspectBelow(path, suspicion.cause());
      }
      absentAsKnown(path);
      return true;
    }
    hardLinks.left(path, before.get(), suspicion.cause());
    boolean told =
        suspicion.cause() == Cause.WATCH || deletions.isExplained(path) || births.isWhole();
    if (births.isAdopting(path) && !(told && births.knowsPresent(path, before.get()))) {
      deletions.present(path);
      scans.read(path, records.firstBelow(path).isPresent());
      state.draft.dropMaterialised(path);
      applies.reconcile(path);
      return true;
    }
    if (isHeldForMerge(path)) {
      if (heldForMerge.size() < Limits.PATHS_WAITING_MAX) {
        heldForMerge.add(path);
      }
      applies.postpone(path, new Problem(Problem.Kind.HELD, "until the first merge with a peer"));
      return true;
    }
    if (suspicion.cause() == Cause.WATCH) {
      deletions.explained(path, state.steadyMillis);
    } else {
      deletions.unexplained(path, state.steadyMillis);
    }
    return true;
  }

  private void absentAsKnown(RelativePath path) {
    Record record = records.of(path);
    if (records.find(path).isPresent() && !records.effective(path).isPresent()) {
      Knowledge known =
          state.draft.materialised(path).map(Materialised::knowledge).orElse(Knowledge.NONE);
      Knowledge all = applies.keeping().joinable(known, record, Entry.ABSENT);
      state.draft.putMaterialised(
          path, new Materialised(NO_STAMP, Target.ABSENT, Target.NO_ATTRIBUTES, all));
      applies.reconcile(path);
    } else if (!records.effective(path).isPresent()) {
      state.draft.dropPending(path);
      state.draft.dropMaterialised(path);
    } else {
      applies.reconcile(path);
    }
  }

  /** What nobody is known to have written may not be deleted before some peer was asked of it. */
  private boolean isHeldForMerge(RelativePath path) {
    boolean merged = state.draft.peers().values().stream().anyMatch(PeerProgress::complete);
    boolean adopted =
        records.of(path).visibleContent().map(element -> element.adopted()).orElse(false);
    return adopted && !merged && !state.peers.isEmpty();
  }

  /** A first merge ended: what waited for it is looked at again. */
  void merged() {
    List<RelativePath> waiting = List.copyOf(heldForMerge);
    heldForMerge.clear();
    waiting.forEach(path -> suspect(path, Cause.WATCH, false));
  }

  /** Has the root looked at when absences are due to be judged. */
  void judgeWhenDue() {
    deletions.scanning(!unscanned.isEmpty() || scans.isListing());
    if (!health.isLost() && deletions.beginCheck(state.steadyMillis)) {
      state.emit(new Effect.CheckRoot());
    }
  }

  void rootChecked(boolean itself, boolean empty) {
    if (!itself) {
      rootLost(new Problem(Problem.Kind.HELD, "the root directory is missing or was replaced"));
      return;
    }
    Deletions.Verdict verdict =
        deletions.judge(empty, state.index.materialisedCount(), state.steadyMillis);
    if (verdict.held() > 0) {
      hold(verdict.reason() + ": " + deletions.heldCount() + " deletions are held until approved");
      state.alarm(health.reason());
    }
    delete(verdict.deleted());
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

  private void delete(List<RelativePath> absent) {
    for (RelativePath path : absent) {
      boolean below = records.firstBelow(path).isPresent();
      if (below) {
        suspectBelow(path, Cause.WATCH);
        unseen.away(path);
      }
      if (below || paths.isBusy(path) || paths.isSuspect(path)) {
        // Something is or happened there since: the next look says what, and ends no scan before.
        unscanned.add(path);
        suspect(path, Cause.WATCH, false);
      } else {
        delete(path);
      }
    }
  }

  private void suspectBelow(RelativePath directory, Cause cause) {
    RelativePath cursor = directory;
    boolean within = true;
    while (within) {
      var page = state.draft.materialisedAfter(cursor, Paths.WORK_MAX);
      for (Map.Entry<RelativePath, Materialised> entry : page.entrySet()) {
        boolean below = entry.getKey().isWithin(directory);
        if (below && entry.getValue().entry().isPresent()) {
          suspect(entry.getKey(), cause, false);
        }
        within = below || entry.getKey().compareTo(directory.child(new byte[] {1})) < 0;
      }
      if (page.size() < Paths.WORK_MAX) {
        return;
      }
      cursor = page.lastKey();
    }
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
            NO_STAMP,
            Target.ABSENT,
            false,
            !births.doubts(path),
            () -> births.pen(record.clockMax(), false));
    state.draft.putMaterialised(path, write.materialised());
    if (write.written()) {
      repaired++;
      long group = arrivals.groupOf(path).id();
      records.store(path, write, group);
    }
    births.saw(path, false);
    applies.reconcile(path);
    applies.childGone(path);
  }
}
