package dev.replicator.kernel;

import dev.replicator.model.Count;
import dev.replicator.model.Entry;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * The whole protocol of one root as one deterministic object. A step takes an event and the time,
 * and answers with effects in the order in which they are to be carried out; every outcome, the
 * end of an append included, comes back as an event. The same events at the same times give the
 * same effects.
 */

/** Decides everything about one root. Not thread-safe: one thread steps it. */
public final class Replica {
  private final ReplicaState state;
  private final Health health = new Health();
  private final Paths paths;
  private final Deletions deletions = new Deletions();
  private final Births births;
  private final ChangedRules rules;
  private final Survey survey;
  private final Records records;
  private final Applies applies;
  private final Scans scans;
  private final Suspects suspects;
  private final Recognition recognition;
  private final Sessions sessions;
  private final FactsBook facts;
  private final Barriers barriers;
  private final Comparisons comparisons;
  private final Choices choices;
  private final Syncs syncs;
  private final Damages damages;
  private final Doubts doubts;
  private final Stop stop;
  private boolean started;

  public Replica(Settings settings, IndexView index) {
    state = new ReplicaState(settings, index);
    paths = new Paths(settings.bounds());
    births = new Births(state);
    rules = new ChangedRules(state, paths);
    survey = new Survey(state, rules);
    records = new Records(state, survey);
    scans = new Scans(state, paths, births, deletions, health);
    Rests rests = new Rests(settings.bounds());
    HardLinks links = new HardLinks(state, paths, scans);
    applies =
        new Applies(state, paths, births, records, deletions, health, links, this::sourcesFirst);
    suspects =
        new Suspects(
            state, paths, births, records, deletions, health, applies, scans, links, rests, rules);
    recognition = new Recognition(state, births, health, scans, suspects);
    sessions = new Sessions(state, births, records, applies.groups(), new SessionEvents());
    facts = new FactsBook(state, records, sessions, health, rules, deletions);
    syncs = new Syncs(state, births, applies, sessions, facts, new Checkpoint(state, paths, scans));
    barriers = new Barriers(state, paths, rests, scans, deletions, sessions, facts, health, syncs);
    comparisons = new Comparisons(state, records, sessions);
    choices = new Choices(state, records, births, applies);
    doubts = new Doubts(state, births, records);
    damages = new Damages(state, paths, applies);
    stop = new Stop(state, paths, applies, syncs, health);
    records.onChange(applies::reconcile);
    records.onWrite(facts::wrote);
  }

  /** What sessions cause elsewhere. */
  private final class SessionEvents implements Sessions.Events {
    @Override
    public void rolledBack(Rollback rollback) {
      if (!rollback.doubtful().isEmpty() || !rollback.adopting().isEmpty()) {
        new Demotion(state, records, rollback).run();
      }
      sessions.mergeAnew();
      scans.begin(RelativePath.ROOT, Cause.SCAN, 0, births.adoptionScan());
    }

    @Override
    public void greeted(NodeId peer) {
      facts.greet(peer);
      applies.retryNow();
    }

    @Override
    public void unsure(NodeId peer) {
      comparisons.repairWith(peer);
    }

    @Override
    public void firstMerge() {
      suspects.merged();
    }
  }

  private List<NodeId> sourcesFirst(Optional<NodeId> sender) {
    List<NodeId> sources = new ArrayList<>();
    sender.filter(sessions.live()::containsKey).ifPresent(sources::add);
    sessions.live().keySet().stream()
        .filter(peer -> !sender.equals(Optional.of(peer)))
        .forEach(sources::add);
    return sources;
  }

  /**
   * Takes one event.
   *
   * @param now a jump of the wall clock changes no decision, and nothing waits for it
   */
  public List<Effect> step(Now now, Event event) {
    state.wallMillis = now.wallMillis();
    state.steadyMillis = now.steadyMillis();
    if (started) {
      syncs.watchClock();
      sessions.pump();
      facts.tell();
    }
    handle(event);
    if (started) {
      if (births.takeReborn()) {
        sessions.greetAnew();
      }
      if (!stop.isBegun()) {
        suspects.judgeWhenDue();
        suspects.settleScans();
        suspects.absences().endHoldWhenOver();
        suspects.dispatch();
        applies.dispatch();
      }
      barriers.evaluate();
      if (state.draft.takePendingChanged()) {
        facts.changed();
      }
      syncs.begin(stop.isWaiting(), barriers.needsSync());
      stop.endWhenAtRest();
    }
    List<Effect> effects = state.finish();
    syncs.note(effects);
    return effects;
  }

  private void handle(Event event) {
    switch (event) {
      case Event.Started it -> start(it);
      case Event.Tick tick -> tick();
      case Event.Appended appended -> {}
      case Event.IdentityDrawn it -> {
        births.identityDrawn(it.spare());
        sessions.identityDrawn();
      }
      case Event.PeersConfigured it -> peersConfigured(it.peers());
      case Event.Connected it -> stop.unlessBegun(() -> sessions.connected(it.peer()));
      case Event.Disconnected it -> {
        sessions.disconnected(it.peer());
        comparisons.disconnected(it.peer());
      }
      // A peer that goes on telling would have a stop sync for ever.
      case Event.Received it -> stop.unlessBegun(() -> received(it.peer(), it.message()));
      case Event.Suspected it -> suspects.suspect(it);
      case Event.Written it -> written(it.path(), it.inode());
      case Event.Unclosed it ->
          paths.leave(it.path(), new Paths.Suspicion(Cause.WATCH, false), true);
      case Event.MovedIn it -> suspects.movedIn(it.directory(), it.from());
      case Event.Renamed it -> suspects.renamed(it.path(), it.from());
      case Event.ScopeSuspected it -> suspects.suspectScope(it.scope(), it.cause());
      case Event.Inspected it -> suspects.inspected(it.path(), it.observation());
      case Event.ReadWithinWrite it -> syncs.withinWrite(it);
      case Event.Together it -> it.events().forEach(this::handle);
      case Event.Damaged it -> damages.found(it);
      case Event.Unreadable it -> suspects.unreadable(it.directory(), it.problem());
      case Event.ScanEnded it -> suspects.scanEnded(it.scan(), it.whole());
      case Event.RootChecked it -> suspects.rootChecked(it.itself(), it.empty());
      case Event.RootLost it -> suspects.rootLost(it.problem());
      case Event.RootFound it -> recognition.found(it.root());
      case Event.Staged it -> applies.staged(it);
      case Event.StageFailed it -> applies.failed(it.path(), it.problem());
      case Event.Exchanged it -> exchanged(it.path(), it.outcome());
      case Event.GroupPlaced it -> {
        if (applies.groups().placed(it.top(), it.outcome())) {
          // What stayed has another ctime, and what somebody did meanwhile told no watcher.
          scans.suspect(it.top(), Cause.WATCH);
        }
      }
      case Event.WriterLeft it -> applies.lateWrites().end(it.displaced(), it.written());
      case Event.Kept it -> applies.kept(it.path(), it.digest());
      case Event.Recalled it -> choices.recalled(it.request(), it.problem());
      case Event.Swept it -> applies.keeping().swept(it.digests());
      case Event.KeepFailed it -> applies.failed(it.path(), it.problem());
      case Event.Synced it -> {
        it.root().ifPresent(recognition::synced);
        syncs.ended(it.startedMillis());
      }
      case Event.Told it -> syncs.told(it.millis());
      case Event.SyncFailed it -> syncs.failed();
      case Event.Flushed it -> barriers.flushed(it.request(), it.exact());
      case Event.Command command -> command(command);
    }
  }

  private void start(Event.Started event) {
    started = true;
    syncs.start();
    state.peers = new TreeSet<>(event.peers());
    births.start(event);
    suspects.absences().resumeHold();
    recognition.start(event.root());
    event.settled().stream().filter(suspects::isSeen).forEach(this::settle);
    rules.start();
    Runnable startScan = births.startScan();
    scans.begin(
        RelativePath.ROOT,
        Cause.SCAN,
        state.root().checkpointMillis(),
        () -> {
          startScan.run();
          rules.scanned();
        });
  }

  /**
   * A file that was put is read again: the exchange changed its ctime, which so does not tell of
   * whoever wrote to it since, and left it its size and its time.
   */
  private void settle(Settled settled) {
    applies.settle(settled);
    boolean put =
        switch (settled) {
          case Settled.Applied _, Settled.Overtaken _, Settled.StillWritten _ -> true;
          case Settled.Underway _, Settled.NotApplied _, Settled.Unclear _ -> false;
        };
    if (put && settled.intent().target().entry() instanceof Entry.File) {
      suspects.suspect(settled.path(), Cause.CHECK, true);
    }
  }

  private void exchanged(RelativePath path, Outcome outcome) {
    applies.exchanged(path, outcome);
    scans.put(path, outcome, () -> records.firstBelow(path).isPresent());
  }

  private void tick() {
    stop.unlessBegun(births::knock);
    paths.wake(state.steadyMillis);
    applies.tick();
    survey.tick(births.mayWrite() && !state.isPaused());
    doubts.tick();
    scans.tick();
  }

  private void peersConfigured(SortedSet<NodeId> peers) {
    TreeSet<NodeId> removed = new TreeSet<>(state.peers);
    removed.removeAll(peers);
    for (NodeId peer : removed) {
      births.part(peer);
      sessions.disconnected(peer);
    }
    state.peers = new TreeSet<>(peers);
    facts.peersConfigured();
  }

  /** Half an upload is of no use to anybody: what is new is looked at once it was closed. */
  private void written(RelativePath path, long inode) {
    if (state.draft.materialised(path).filter(it -> it.stamp().inode() == inode).isPresent()) {
      suspects.suspect(path, Cause.WATCH, false);
    }
  }

  private void received(NodeId peer, Message message) {
    boolean expected = sessions.find(peer).isPresent() || message instanceof Message.Hello;
    if (!expected || !state.peers.contains(peer)) {
      // The network may learn later that somebody is no peer any more.
      return;
    }
    switch (message) {
      case Message.Hello it -> sessions.greeted(peer, it);
      case Message.Changes it -> sessions.changes(peer, it);
      case Message.Acknowledgement it -> sessions.acknowledged(peer, it);
      case Message.Facts it -> facts.received(peer, it);
      case Message.CompareRanges it -> comparisons.compareRanges(peer, it);
      case Message.ComparedRanges it -> comparisons.comparedRanges(peer, it);
      case Message.Compare it -> comparisons.compare(peer, it);
      case Message.Compared it -> comparisons.compared(peer, it);
      case Message.Told it -> sessions.told(peer, it.records());
      case Message.ManifestWanted it -> {}
      case Message.Manifest it -> {}
      case Message.ChunksWanted it -> {}
      case Message.ChunkData it -> {}
      case Message.ChunkAhead it -> {}
      case Message.ContentUnavailable it -> {}
      case Message.Ahead it -> {}
    }
  }

  private void command(Event.Command command) {
    switch (command) {
      case Event.BarrierAsked it -> barriers.asked(it);
      case Event.ResyncAsked it -> resync(it);
      case Event.ResolveAsked it -> choices.resolve(it);
      case Event.RestoreAsked it -> choices.restore(it);
      case Event.PauseAsked it -> {
        state.setRoot(state.root().withPaused(true));
        state.syncAppend();
        facts.changed();
        done(it.request(), "paused");
      }
      case Event.ResumeAsked it -> {
        state.setRoot(state.root().withPaused(false));
        state.syncAppend();
        facts.changed();
        scans.begin(RelativePath.ROOT, Cause.SCAN, Long.MAX_VALUE, () -> {});
        done(it.request(), "resumed");
      }
      case Event.ApproveAsked it -> approve(it.request());
      case Event.StopAsked it -> stop.asked(it.request());
    }
  }

  private void done(long request, String text) {
    state.emit(new Effect.Reply(request, new Answer.Done(text)));
  }

  private void refused(long request, String reason) {
    state.emit(new Effect.Reply(request, new Answer.Refused(reason)));
  }

  private void resync(Event.ResyncAsked asked) {
    comparisons.begin(asked);
    if (asked.dryRun()) {
      comparisons.scanned(asked.request(), 0);
      return;
    }
    long before = asked.sinceStart() ? 0 : suspects.repaired();
    scans.begin(
        RelativePath.ROOT,
        Cause.SCAN,
        Long.MAX_VALUE,
        () -> comparisons.scanned(asked.request(), suspects.repaired() - before));
  }

  private void approve(long request) {
    // Peers delete by it: the power must not bring the hold back.
    state.syncAppend();
    if (recognition.approve()) {
      done(request, "the directory is the root now; what it lacks is fetched from peers");
      return;
    }
    suspects
        .absences()
        .approve()
        .ifPresentOrElse(
            held -> done(request, Count.of(held, "deletion goes", "deletions go") + " on"),
            () -> refused(request, "nothing is held"));
  }

  // What follows is for reports: no effects.

  /** When the next {@link Event.Tick} is due, by the steady clock. */
  public long wakeAtMillis() {
    long always =
        first(
            syncs.wakeAtMillis(),
            paths.wakeAtMillis(),
            scans.wakeAtMillis(),
            suspects.wakeAtMillis(),
            deletions.wakeAtMillis(),
            barriers.wakeAtMillis());
    if (state.stored().isEmpty()) {
      return always;
    }
    return first(
        always,
        stop.isBegun() ? Long.MAX_VALUE : births.wakeAtMillis(),
        doubts.wakeAtMillis(),
        sessions.wakeAtMillis(),
        facts.wakeAtMillis(),
        applies.wakeAtMillis(),
        survey.wakeAtMillis());
  }

  private static long first(long... times) {
    long first = Long.MAX_VALUE;
    for (long time : times) {
      first = Math.min(first, time);
    }
    return first;
  }

  /** Looks that wait or run. */
  public int backlog() {
    return paths.backlog();
  }

  /** Looks that wait because a scan asked for them: it holds back while there are many. */
  public int scanBacklog() {
    return paths.scanBacklog();
  }

  /** Whether nothing runs and nothing waits, pending paths apart. */
  public boolean isIdle() {
    return paths.isIdle() && !isScanning() && !isScanToCome() && !deletions.isWaiting();
  }

  public int inFlight() {
    return paths.inFlight();
  }

  public boolean isScanning() {
    return scans.isScanning();
  }

  /** Whether a scan of the whole root is to begin, when the last one is long enough ago. */
  public boolean isScanToCome() {
    return scans.isToCome();
  }

  public boolean isHeld() {
    return health.isHeld();
  }

  /** Whether the root itself is missing, not mounted or replaced. */
  public boolean isRootLost() {
    return health.isLost();
  }

  public String heldReason() {
    return health.reason();
  }

  public int heldDeletions() {
    return deletions.heldCount();
  }

  /** Whether what was held before the start is still looked for. */
  public boolean isRediscovering() {
    return deletions.isRediscovering();
  }

  /** Those whose deletion is held. */
  public SortedSet<RelativePath> held() {
    return deletions.held();
  }

  public Absence absence(RelativePath path) {
    return deletions.absence(path);
  }

  public boolean isPaused() {
    return state.settings.observing() || state.stored().map(root -> root.paused()).orElse(false);
  }

  /** Whether the scan of this start ended: what changed while the daemon was down is known. */
  public boolean isScanned() {
    return births.looks().isScanned();
  }

  public Collection<RelativePath> conflicts() {
    return survey.conflicts();
  }

  public Collection<RelativePath> adoptedLosers() {
    return survey.adoptedLosers();
  }

  public long tombstones() {
    return survey.tombstones();
  }

  /** What is known of a configured peer at {@code steadyMillis}. */
  public PeerView peer(NodeId peer, long steadyMillis) {
    return facts.view(peer, steadyMillis);
  }

  /** Which node writes as which replica now: this one, and peers that are connected. */
  public SortedMap<ReplicaId, NodeId> writers() {
    TreeMap<ReplicaId, NodeId> writers = new TreeMap<>();
    sessions.live().forEach((peer, session) -> writers.put(session.replica, peer));
    writers.put(state.root().identity().replica(), state.settings.self());
    return writers;
  }

  /** Whether {@code peer} shows what this node shows at {@code path}, as far as is known. */
  public boolean shows(NodeId peer, RelativePath path) {
    return facts.shows(peer, records.of(path).context(), path);
  }

  public Entry effective(RelativePath path) {
    return records.effective(path);
  }
}
