package dev.replicator.kernel;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Brings the disk to what the records show, one operation a path at a time. */
final class Applies {
  private final ReplicaState state;
  private final Paths paths;
  private final Births births;
  private final Records records;
  private final Deletions deletions;
  private final Health health;
  private final HardLinks hardLinks;
  private final Sources sources;
  private final Admission admission;
  private final Keeping keeping;
  private final LateWrites lateWrites;
  private final OpenWriters openWriters;
  private final Groups groups;
  private final Map<RelativePath, Intent> exchanging = new HashMap<>();

  /** Those of them that a crash cut off. */
  private final TreeSet<RelativePath> cutOff = new TreeSet<>();

  private final ParentWaits waitingForParent = new ParentWaits();
  private final Retries retries;
  private final TreeSet<RelativePath> applied = new TreeSet<>();

  /** Tells which connected peers may hold a content, the likeliest first. */
  interface Sources {
    List<NodeId> of(Optional<NodeId> sender);
  }

  Applies(
      ReplicaState state,
      Paths paths,
      Births births,
      Records records,
      Deletions deletions,
      Health health,
      HardLinks hardLinks,
      Sources sources) {
    this.state = state;
    this.paths = paths;
    this.births = births;
    this.records = records;
    this.deletions = deletions;
    this.health = health;
    this.hardLinks = hardLinks;
    this.sources = sources;
    this.retries = new Retries(state, paths, records, waitingForParent);
    this.admission = new Admission(state, records);
    this.keeping = new Keeping(state, records);
    this.openWriters = new OpenWriters(state);
    this.lateWrites = new LateWrites(state, births, records, this, hardLinks);
    this.groups = new Groups(state, paths, records, this);
  }

  Groups groups() {
    return groups;
  }

  LateWrites lateWrites() {
    return lateWrites;
  }

  Keeping keeping() {
    return keeping;
  }

  /** Looks whether a path has work to do now that its record or its disk changed. */
  void reconcile(RelativePath path) {
    wakeChildren(path);
    boolean unknown = records.find(path).isEmpty() && !records.effective(path).isPresent();
    // A directory that came with its descendants, and that nobody ever wrote, goes with them.
    if (unknown && !records.isDirectoryHere(path)) {
      settled(path);
      return;
    }
    Showing showing = records.showing(path);
    Optional<Materialised> here = state.draft.materialised(path);
    if (!admission.replicates(path, showing, here) || showing.isSettledBy(here)) {
      settled(path);
      return;
    }
    if (state.draft.pending(path).isEmpty()) {
      state.draft.putPending(
          path,
          new Pending(Problem.of(Problem.Kind.WAITING), state.wallMillis, state.wallMillis, 0));
    }
    paths.enqueue(path);
  }

  private void settled(RelativePath path) {
    if (!paths.isUnread(path)) {
      state.draft.dropPending(path);
    }
    paths.forgetWork(path);
    openWriters.forget(path);
  }

  /** What waited for this directory may go on, whoever made it. */
  private void wakeChildren(RelativePath path) {
    if (waitingForParent.isAwaited(path) && records.isDirectoryHere(path)) {
      waitingForParent.take(path).forEach(this::reconcile);
    }
  }

  /** Starts operations while there is room. */
  void dispatch() {
    births.knock();
    if (health.isLost() || state.isPaused() || !births.mayWrite()) {
      // What an exchange displaces may be a write.
      return;
    }
    groups.dispatch();
    // What waits to be looked at may be here already, as in a tree that meets its like.
    while (!paths.hasSuspects() && paths.hasRoomToPut()) {
      Optional<RelativePath> next = paths.nextWork();
      if (next.isEmpty()) {
        return;
      }
      if (!paths.isBusy(next.get()) && !deletions.isHeld(next.get())) {
        begin(next.get());
      }
    }
  }

  private void begin(RelativePath path) {
    Optional<Event.Staged> waiting = openWriters.resume(path);
    if (waiting.isPresent()) {
      exchangeOrDiscard(waiting.get());
      return;
    }
    Record record = records.of(path);
    Showing showing = records.showing(path);
    Optional<Materialised> here = state.draft.materialised(path);
    if (!admission.replicates(path, showing, here) || showing.isSettledBy(here)) {
      settled(path);
      return;
    }
    boolean ready = !groups.holds(path) && !retries.mustRest(path);
    if (!ready || !admission.admits(path, showing, here, this::postpone)) {
      return;
    }
    Optional<Entry.File> hidden = keeping.next(record, showing.target().entry(), here);
    // A version that nobody has keeps none from showing: each has its turn.
    if (hidden.isPresent() && (showing.isShownBy(here) || retries.isEvenTry(path))) {
      paths.begin(path, Paths.Busy.KEEPING);
      state.emit(new Effect.Keep(path, hidden.get(), sources(path)));
    } else if (showing.isShownBy(here) || records.hasLostParent(path, here)) {
      paths.check(path);
    } else if (!mustWait(path, showing, here) && !hasLostChild(path, showing, here)) {
      place(path, showing, here);
    }
  }

  List<NodeId> sources(RelativePath path) {
    return sources.of(records.find(path).flatMap(RecordState::sender));
  }

  /**
   * What is believed to be in a directory that is not here left with it. Until that is known the
   * directory is not made for it, nor put over what somebody put in its place: whoever removed both
   * would find it again, or it is here unseen.
   */
  private boolean hasLostChild(RelativePath path, Showing showing, Optional<Materialised> here) {
    boolean made =
        showing.target().entry().equals(Entry.DIRECTORY)
            && !here.map(m -> m.entry().equals(Entry.DIRECTORY)).orElse(false);
    Optional<RelativePath> child = made ? records.firstBelow(path) : Optional.empty();
    child.ifPresent(lost -> {
      postpone(path, Problem.of(Problem.Kind.WAITING));
      paths.check(lost);
      paths.check(path);
    });
    return child.isPresent();
  }

  /** Directories come before what is in them and go after it. */
  private boolean mustWait(RelativePath path, Showing showing, Optional<Materialised> here) {
    if (showing.target().entry().isPresent() && !records.isDirectoryHere(path.parent())) {
      waitingForParent.add(path);
      reconcile(path.parent());
      return true;
    }
    boolean leavesDirectory =
        here.map(m -> m.entry().equals(Entry.DIRECTORY)).orElse(false)
            && !showing.target().entry().equals(Entry.DIRECTORY);
    if (leavesDirectory) {
      Optional<RelativePath> below = records.firstBelow(path);
      below.ifPresent(this::reconcile);
      return below.isPresent();
    }
    return false;
  }

  private void place(RelativePath path, Showing showing, Optional<Materialised> here) {
    Optional<Materialised> expected = here.filter(m -> m.entry().isPresent());
    Target target = showing.target();
    boolean sameEntry = expected.map(m -> m.entry().equals(target.entry())).orElse(false);
    if (!target.entry().isPresent() || sameEntry) {
      exchange(path, showing, expected, Optional.empty(), "");
    } else {
      paths.beginStaging(path, target.entry());
      state.emit(new Effect.Stage(path, expected, target, sources(path)));
    }
  }

  private void exchange(
      RelativePath path,
      Showing showing,
      Optional<Materialised> expected,
      Optional<Stamp> staged,
      String stagedName) {
    Intent intent = intend(path, showing, expected, staged, stagedName);
    exchanging.put(path, intent);
    paths.begin(path, Paths.Busy.EXCHANGING);
    state.emit(new Effect.Exchange(path, intent, openWriters.maySpare(path)));
  }

  /** Nothing touches the disk without one. */
  Intent intend(
      RelativePath path,
      Showing showing,
      Optional<Materialised> expected,
      Optional<Stamp> staged,
      String stagedName) {
    Knowledge known = expected.map(Materialised::knowledge).orElse(Knowledge.NONE);
    Knowledge to = keeping.withSiblings(showing.knowledge(), known, records.of(path), expected);
    Intent intent = new Intent(expected, showing.target(), to, staged, stagedName);
    state.draft.putIntent(path, intent);
    return intent;
  }

  void staged(Event.Staged event) {
    paths.end(event.path());
    if (!groups.staged(event)) {
      exchangeOrDiscard(event);
    }
  }

  private void exchangeOrDiscard(Event.Staged event) {
    RelativePath path = event.path();
    Showing showing = records.showing(path);
    Optional<Materialised> here = state.draft.materialised(path);
    if (showing.target().equals(event.target())
        && !showing.isShownBy(here)
        && records.isDirectoryHere(path.parent())
        && !groups.holds(path)
        && !health.isLost()) {
      exchange(
          path,
          showing,
          here.filter(m -> m.entry().isPresent()),
          Optional.of(event.stamp()),
          event.name());
    } else {
      state.emit(new Effect.Discard(event.name()));
      reconcile(path);
    }
  }

  void failed(RelativePath path, Problem problem) {
    paths.end(path);
    postpone(path, problem);
    groups.failed(path, problem.kind());
  }

  /** Whether what is gone below {@code scope} is still to be judged. */
  boolean hasAbsences(RelativePath scope) {
    return deletions.isWaiting(scope);
  }

  /** Tries again later, and says why until then. */
  void postpone(RelativePath path, Problem problem) {
    retries.postpone(path, problem);
  }

  void exchanged(RelativePath path, Outcome outcome) {
    paths.end(path);
    Intent intent = exchanging.remove(path);
    if (intent == null) {
      return;
    }
    if (outcome instanceof Outcome.BeingWritten) {
      openWriters.await(path, intent);
      return;
    }
    concluded(path, intent, outcome, !cutOff.remove(path));
  }

  /**
   * An exchange ended.
   *
   * @param seen from its begin to its end
   */
  void concluded(RelativePath path, Intent intent, Outcome outcome, boolean seen) {
    state.draft.dropIntent(path);
    switch (outcome) {
      case Outcome.BeingWritten none -> {}
      case Outcome.Placed placed -> {
        keeping.remember(path, intent);
        placed(path, intent.target(), intent.to(), placed.stamp(), placed.actual());
        vouch(path, seen);
        hardLinks.replaced(path, intent);
      }
      case Outcome.Removed removed -> {
        keeping.remember(path, intent);
        removed(path, intent.to());
        hardLinks.replaced(path, intent);
      }
      case Outcome.MovedAway away -> {
        keeping.note(path, intent);
        removed(path, intent.to());
      }
      case Outcome.Unexpected unexpected -> {
        postpone(path, Retries.CHANGED_MEANWHILE);
        paths.check(path);
      }
      case Outcome.Overtaken overtaken -> {
        overtaken(path, intent, overtaken);
        intent.expected().ifPresent(was -> hardLinks.left(path, was, Cause.WATCH));
        vouch(path, seen);
      }
      case Outcome.StillWritten still -> {
        lateWrites.begin(path, intent, still.stamp(), still.actual(), still.displaced());
        vouch(path, seen);
      }
      case Outcome.Failed failed -> postpone(path, failed.problem());
    }
  }

  /** Exchanges that a crash cut off, and of which is not known yet how they ended. */
  int cutOff() {
    return cutOff.size();
  }

  private void vouch(RelativePath path, boolean seen) {
    if (seen) {
      births.vouch(path);
    }
  }

  /**
   * What a crash left open. None of it is vouched for: names tell where a file is, and not whether
   * its content outlived the power.
   */
  void settle(Settled settled) {
    RelativePath path = settled.path();
    if (!(settled instanceof Settled.Underway)) {
      state.draft.dropIntent(path);
    }
    switch (settled) {
      case Settled.Applied it -> {
        Intent intent = it.intent();
        keeping.note(path, intent);
        if (intent.target().entry().isPresent()) {
          placed(path, intent.target(), withoutLeft(path, intent), it.stamp(), it.actual());
        } else {
          removed(path, withoutLeft(path, intent));
        }
      }
      case Settled.Overtaken it ->
          overtaken(
              path, it.intent(), new Outcome.Overtaken(it.stamp(), it.actual(), it.displaced()));
      case Settled.StillWritten it ->
          lateWrites.begin(path, it.intent(), it.stamp(), it.actual(), it.displaced());
      case Settled.Underway it -> {
        exchanging.put(path, it.intent());
        cutOff.add(path);
        paths.begin(path, Paths.Busy.CUT_OFF);
      }
      case Settled.NotApplied it -> reconcile(path);
      case Settled.Unclear it -> {
        Optional<Materialised> here = it.intent().expected();
        here.ifPresent(m ->
            state.draft.putMaterialised(
                path, m.withKnowledge(m.knowledge().intersect(it.intent().to()))));
        paths.check(path);
      }
    }
  }

  void placed(RelativePath path, Target target, Knowledge to, Stamp stamp, Target actual) {
    // Who took away what was there before knew nothing of what is there now.
    deletions.present(path);
    state.draft.putMaterialised(path, new Materialised(stamp, actual, target.attributes(), to));
    applied.add(path);
    state.draft.dropPending(path);
    reconcile(path);
  }

  private void removed(RelativePath path, Knowledge to) {
    state.draft.putMaterialised(
        path, new Materialised(Suspects.NO_STAMP, Target.ABSENT, Target.NO_ATTRIBUTES, to));
    births.vouch(path);
    applied.add(path);
    state.draft.dropPending(path);
    reconcile(path);
    childGone(path);
  }

  /** A directory that waits to be removed may be empty now. */
  void childGone(RelativePath path) {
    RelativePath parent = path.parent();
    if (!parent.isRoot() && state.draft.pending(parent).isPresent()) {
      reconcile(parent);
    }
  }

  private void overtaken(RelativePath path, Intent intent, Outcome.Overtaken outcome) {
    LocalWrite write = lateWrites.writeOf(path, intent.expected(), outcome.displaced());
    placed(path, intent.target(), withoutLeft(path, intent), outcome.stamp(), outcome.actual());
    lateWrites.store(path, write);
  }

  /** What was to leave is not known to be in the vault: it was overwritten, or may still be. */
  Knowledge withoutLeft(RelativePath path, Intent intent) {
    Knowledge known = intent.expected().map(Materialised::knowledge).orElse(Knowledge.NONE);
    return keeping.withSiblings(intent.to(), known, records.of(path), Optional.empty());
  }

  /** The stamp still is what we put or read: writes with the same values join what is known. */
  void verified(RelativePath path) {
    Optional<Materialised> here = state.draft.materialised(path);
    Showing showing = records.showing(path);
    if (here.isPresent() && showing.isShownBy(here)) {
      Materialised there = here.get();
      Knowledge joined = keeping.joinable(there.knowledge(), records.of(path), there.entry());
      if (!joined.equals(there.knowledge())) {
        state.draft.putMaterialised(path, there.withKnowledge(joined));
      }
    }
    reconcile(path);
  }

  void kept(RelativePath path, Digest digest) {
    paths.end(path);
    keeping.kept(digest);
    reconcile(path);
  }

  /** Paths applied since the last call: they are to be synced. */
  List<RelativePath> takeApplied() {
    List<RelativePath> taken = List.copyOf(applied);
    applied.clear();
    return taken;
  }

  boolean hasApplied() {
    return !applied.isEmpty();
  }

  /** Nothing new begins any more. */
  void stop() {
    openWriters.stop();
    groups.stop();
  }

  /** Everything that waits for a peer may go on: one connected. */
  void retryNow() {
    retries.now();
  }

  /** When {@link #tick} has something to do. */
  long wakeAtMillis() {
    boolean idle = state.index.pendingCount() == 0 || state.isPaused() || health.isLost();
    long own = idle ? Long.MAX_VALUE : Math.min(retries.wakeAtMillis(), openWriters.wakeAtMillis());
    return Math.min(groups.wakeAtMillis(), own);
  }

  /** Takes up pending paths whose time has come. */
  void tick() {
    openWriters.due().forEach(paths::enqueue);
    groups.tick();
    retries.tick();
  }
}
