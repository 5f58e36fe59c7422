package dev.replicator.kernel;

import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Looks at paths that may have changed, and turns what is found into writes. */
final class Suspects {
  static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);

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
  private final Rests rests;
  private final ChangedRules rules;
  private final Arrivals arrivals;
  private final TreeSet<RelativePath> unscanned = new TreeSet<>();
  private final Scans scans;
  private final HeldForMerge heldForMerge;
  private final UnseenEnds unseenEnds = new UnseenEnds();
  private final UnseenDirectories unseen;
  private final Absences absences;
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
      HardLinks hardLinks,
      Rests rests,
      ChangedRules rules) {
    this.rules = rules;
    this.hardLinks = hardLinks;
    this.rests = rests;
    this.scans = scans;
    this.state = state;
    this.paths = paths;
    this.births = births;
    this.records = records;
    this.deletions = deletions;
    this.health = health;
    this.applies = applies;
    this.unseen = new UnseenDirectories(deletions);
    this.heldForMerge = new HeldForMerge(state, records);
    this.arrivals =
        new Arrivals(state, paths, records, deletions, group -> applies.groups().over(group));
    this.absences =
        new Absences(
            state,
            paths,
            births,
            records,
            deletions,
            health,
            applies,
            arrivals,
            new Absences.Doubtful() {
              @Override
              public void again(RelativePath path) {
                unscanned.add(path);
                suspect(path, Cause.WATCH, false);
              }

              @Override
              public void away(RelativePath directory) {
                unseen.away(directory);
              }

              @Override
              public void below(RelativePath directory) {
                suspectBelow(directory, Cause.WATCH);
              }

              @Override
              public boolean isToWait(RelativePath path) {
                return births.isAdopting(path) || heldForMerge.isToWait(path);
              }
            });
  }

  Absences absences() {
    return absences;
  }

  void suspect(RelativePath path, Cause cause, boolean reread) {
    suspect(new Event.Suspected(path, cause, reread));
  }

  void suspect(Event.Suspected told) {
    if (told.path().isRoot()) {
      return;
    }
    arrivals.suspected(told.path());
    if (told.cause() == Cause.SCAN) {
      unscanned.add(told.path());
    }
    paths.suspect(told.path(), Paths.Suspicion.of(told));
  }

  /** A directory came under this name with all that is in it. */
  void movedIn(RelativePath directory, Optional<RelativePath> from) {
    if (applies.groups().wasPut(directory)) {
      // Perhaps by that very put: a look tells.
      unseen.moved(directory);
      suspect(directory, Cause.WATCH, false);
    } else {
      arrived(directory, from);
    }
  }

  /** A file came under this name: what is said to be gone is looked for in the same moment. */
  void renamed(RelativePath path, RelativePath from) {
    if (arrivals.beginFile(path, from)) {
      suspect(from, Cause.WATCH, false);
    }
    suspect(path, Cause.WATCH, false);
  }

  private void arrived(RelativePath directory, Optional<RelativePath> from) {
    arrivals.begin(directory, from, scans.suspect(directory, Cause.WATCH));
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
    return repaired + absences.written();
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
    while (births.mayWrite() && paths.hasRoomToLook()) {
      Optional<Map.Entry<RelativePath, Paths.Suspicion>> next = paths.nextSuspect();
      if (next.isEmpty()) {
        return;
      }
      RelativePath path = next.get().getKey();
      Paths.Suspicion suspicion = next.get().getValue();
      paths.beginInspecting(path, suspicion);
      Optional<Materialised> here = presentHere(path);
      boolean renamed = here.isEmpty() && arrivals.isAwaited(path);
      Optional<Materialised> expected = here.or(() -> arrivals.origin(path));
      boolean resting = rests.begin(path, state.steadyMillis);
      boolean patient = !unscanned.contains(path) && paths.mayLeave(path, suspicion);
      state.emit(new Effect.Inspect(path, expected, suspicion.reread(), renamed, resting, patient));
    }
  }

  /** Whether it is known now how an apply ended; if not, the first look at its path tells. */
  boolean isSeen(Settled settled) {
    boolean waits = unseenEnds.wait(settled, health);
    if (waits) {
      paths.check(settled.path());
    }
    return !waits;
  }

  void inspected(RelativePath path, Observation observation) {
    Paths.Suspicion suspicion = paths.end(path);
    unseenEnds.seen(path, observation).ifPresent(applies::settle);
    boolean settled =
        switch (observation) {
          case Observation.Gone gone -> gone(path, suspicion);
          case Observation.Unchanged it -> unchanged(path, it.stamp(), suspicion);
          case Observation.Found found -> found(path, found, suspicion);
          case Observation.Unsettled unsettled -> unsettled(path, suspicion, unsettled.bytesRead());
          case Observation.Unclosed it -> unclosed(path, suspicion);
          case Observation.Unreadable it -> notRead(path, suspicion, it.problem());
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

  private boolean unsettled(RelativePath path, Paths.Suspicion suspicion, long bytesRead) {
    if (bytesRead > 0) {
      rests.read(path, bytesRead, state.steadyMillis);
      return notRead(path, suspicion, Rests.WITHOUT_PAUSE);
    }
    long untilMillis = rests.untilMillis(path, state.steadyMillis);
    paths.suspectFrom(untilMillis, state.steadyMillis, path, suspicion);
    return false;
  }

  private boolean unclosed(RelativePath path, Paths.Suspicion suspicion) {
    deletions.present(path);
    return paths.leave(path, suspicion, !unscanned.contains(path));
  }

  private boolean notRead(RelativePath path, Paths.Suspicion suspicion, Problem problem) {
    boolean special = problem.kind() == Problem.Kind.SPECIAL;
    if (!special) {
      scans.unread(path);
      if (!paths.unread(path, suspicion)) {
        scans.unlisted(path);
        scans.beginPaced();
      }
    }
    boolean absent = presentHere(path).isEmpty() && !records.effective(path).isPresent();
    if (special && absent) {
      // A socket of somebody's stands in nobody's way: as good as nothing.
      absentAsKnown(path);
    } else {
      applies.postpone(path, problem);
    }
    return true;
  }

  /** A directory could not be listed; what it holds is unknown, and the rest goes on. */
  void unreadable(RelativePath directory, Problem problem) {
    scans.unlisted(directory);
    deletions.unreadable();
    if (!directory.isRoot() && !paths.isBusy(directory)) {
      applies.postpone(directory, problem);
    }
  }

  void rootLost(Problem problem) {
    boolean known = health.isLost();
    health.lost(problem.detail());
    if (!known) {
      state.alarm(health.reason());
    }
    deletions.distrust();
  }

  private Optional<Materialised> presentHere(RelativePath path) {
    return state.draft.materialised(path).filter(m -> m.entry().isPresent());
  }

  private boolean unchanged(RelativePath path, Stamp stamp, Paths.Suspicion suspicion) {
    if (presentHere(path).isEmpty()) {
      // It is what was known of it under the name of before.
      Optional<Materialised> origin = arrivals.origin(path);
      if (origin.isEmpty()) {
        paths.suspect(path, suspicion);
        return false;
      }
      Target actual = origin.get().actual();
      boolean known = found(path, new Observation.Found(stamp, actual, ChunkList.EMPTY), suspicion);
      if (known && arrivals.isAwaited(path)) {
        // Its ctime tells of the rename alone: whatever else it may have told is read.
        paths.suspect(path, new Paths.Suspicion(Cause.CHECK, true));
      }
      return known;
    }
    births.vouch(path);
    boolean cameBack = deletions.present(path);
    applies.verified(path);
    scans.seen(path);
    boolean directory = records.isDirectoryHere(path);
    births.looks().saw(path, directory);
    if (directory) {
      arrivals.came(path, stamp);
    } else {
      arrivals.cameAlone(path, stamp);
    }
    if (!directory && records.firstBelow(path).isPresent()) {
      // It was put where a directory had just gone, and what was seen in that went with it.
      suspectBelow(path, suspicion.cause());
    }
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
    boolean wasGone = heldForMerge.present(path);
    EntryType type = found.actual().entry().type();
    if (!state.settings.filter().replicates(path, type)) {
      Optional<Problem> why = rules.leave(path, records.effective(path), suspicion);
      why.ifPresentOrElse(it -> applies.postpone(path, it), () -> state.draft.dropPending(path));
      return true;
    }
    Record record = records.of(path);
    Optional<Materialised> before = births.knownBefore(path, found.actual(), record);
    boolean readmitted = rules.isReadmitted(path);
    boolean adopted = readmitted || births.adopts(path, found.stamp());
    Dating dating = Dating.of(record, before, suspicion, found, state.wallMillis);
    LocalWrite write =
        LocalWrite.of(
            record,
            before,
            births.perhaps(path, state.draft.materialised(path), found.actual(), record),
            found.stamp(),
            found.actual(),
            adopted,
            wasGone ? state.root().unproven().isEmpty() : !births.doubts(path),
            births::wrote,
            () -> births.pen(dating, adopted, readmitted));
    births.vouch(path);
    if (found.actual().entry() instanceof Entry.File file) {
      rests.read(path, file.size(), state.steadyMillis);
      state.draft.putChunks(file, found.chunks());
    }
    state.draft.putMaterialised(path, write.materialised());
    if (type != EntryType.DIRECTORY) {
      arrivals.cameAlone(path, found.stamp());
    }
    if (write.written()) {
      repaired++;
      records.store(path, write, arrivals.groupOf(path).id());
      if (suspicion.cause() == Cause.CHECK) {
        // Looked at to join what a peer wrote: who writes all the time has it looked at for ever.
        applies.postpone(path, Retries.CHANGED_MEANWHILE);
      }
    }
    scans.found(path, type, () -> records.firstBelow(path).isPresent());
    births.looks().saw(path, type == EntryType.DIRECTORY);
    applies.reconcile(path);
    hardLinks.found(path, before, write.materialised(), suspicion.cause());
    if (type == EntryType.DIRECTORY) {
      arrivals.came(path, found.stamp());
    }
    if (suspicion.cause() != Cause.SCAN || unseen.isMoved(path)) {
      // What moved in since was not there yet when the scan listed it.
      lookBelow(path, before, found, cameBack, suspicion);
    }
    return true;
  }

  /** What is in a directory comes and goes with it, and no event may tell of each. */
  private void lookBelow(
      RelativePath path,
      Optional<Materialised> before,
      Observation.Found found,
      boolean cameBack,
      Paths.Suspicion suspicion) {
    boolean directory = found.actual().entry().equals(Entry.DIRECTORY);
    boolean was = before.map(m -> m.entry().type() == EntryType.DIRECTORY).orElse(false);
    boolean another = was && before.get().stamp().inode() != found.stamp().inode();
    if (directory && (another || (!was && unseen.isMoved(path)))) {
      // It took the place of the one that was here, and may have been looked at before its event.
      arrived(path, Optional.empty());
    } else if (directory && (!was && !suspicion.listed() || cameBack || unseen.isMoved(path))) {
      scans.begin(path, Cause.WATCH, Long.MAX_VALUE, () -> {});
    } else if (!directory && (was || records.firstBelow(path).isPresent())) {
      // A directory gave way, perhaps one of which only what is in it had been seen.
      suspectBelow(path, Cause.WATCH);
    }
  }

  private boolean gone(RelativePath path, Paths.Suspicion suspicion) {
    Optional<Materialised> before = state.draft.materialised(path);
    if (before.isEmpty() || !before.get().entry().isPresent()) {
      if (suspicion.cause() != Cause.SCAN && records.effective(path).equals(Entry.DIRECTORY)) {
        // It went before it was seen, and with it what had been seen in it.
        suspectBelow(path, suspicion.cause());
      }
      scans.read(path, () -> records.firstBelow(path).isPresent());
      absentAsKnown(path);
      return true;
    }
    hardLinks.left(path, before.get(), suspicion.cause());
    boolean told =
        suspicion.cause() == Cause.WATCH || deletions.isExplained(path) || births.isWhole();
    if (births.isAdopting(path) && !(told && births.knowsPresent(path, before.get()))) {
      deletions.present(path);
      scans.read(path, () -> records.firstBelow(path).isPresent());
      state.draft.dropMaterialised(path);
      applies.reconcile(path);
      return true;
    }
    if (heldForMerge.isToWait(path)) {
      heldForMerge.hold(path, suspicion);
      applies.postpone(path, new Problem(Problem.Kind.HELD, "until the first merge with a peer"));
      return true;
    }
    if (suspicion.cause() == Cause.WATCH) {
      deletions.explained(path, state.steadyMillis);
      if (unseen.isAway(path)) {
        absences.confirmed(path);
      }
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

  /** A first merge ended: what waited for it is looked at again. */
  void merged() {
    heldForMerge.take().forEach((path, found) -> suspect(path, found.cause(), found.reread()));
    if (heldForMerge.takeMore()) {
      scans.suspect(RelativePath.ROOT, Cause.SCAN);
    }
  }

  /** Has the root looked at when absences are due to be judged. */
  void judgeWhenDue() {
    deletions.scanning(!unscanned.isEmpty() || scans.isListing());
    if (!health.isLost() && deletions.beginCheck(state.steadyMillis)) {
      state.emit(new Effect.CheckRoot());
    }
  }

  void rootChecked(boolean itself, boolean empty) {
    if (itself) {
      absences.judge(empty);
    } else {
      rootLost(new Problem(Problem.Kind.HELD, "the root directory is missing or was replaced"));
    }
  }

  private void suspectBelow(RelativePath directory, Cause cause) {
    records.eachPresentBelow(directory, () -> true, (path, there) -> suspect(path, cause, false));
  }
}
