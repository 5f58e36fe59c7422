package dev.replicator.kernel;

import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.model.VersionVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Barriers: everything done before the question shows on the peers before the answer, or is on
 * stable storage by then.
 */
final class Barriers {
  private static final int UNREAD_MAX = 16;
  private static final int PENDING_MAX = 1_024;

  private final ReplicaState state;
  private final Paths paths;
  private final Rests rests;
  private final Scans scans;
  private final Deletions deletions;
  private final Sessions sessions;
  private final FactsBook facts;
  private final Health health;
  private final Syncs syncs;
  private final List<Waiting> waiting = new ArrayList<>();

  /** One barrier. */
  private static final class Waiting {
    final Event.BarrierAsked asked;
    final long startedMillis;
    final Map<NodeId, Long> doneMillis = new HashMap<>();
    Optional<VersionVector> snapshot = Optional.empty();

    /** What the snapshot does not tell of, though it may be read before the answer. */
    List<RelativePath> unread = List.of();

    boolean flushed;

    /** The sync of this node that has to end, once the snapshot is taken. */
    long sync;

    /** Since when each peer shows it all. */
    final Map<NodeId, Shown> shown = new HashMap<>();

    long deadlineMillis() {
      return startedMillis + asked.timeoutMillis();
    }

    Waiting(Event.BarrierAsked asked, long startedMillis) {
      this.asked = asked;
      this.startedMillis = startedMillis;
    }
  }

  /** Facts by which a peer showed all for the first time, and has gone on to. */
  private record Shown(JournalId journal, long since, long version) {
    Shown(Message.Facts facts) {
      this(facts.journal(), facts.since(), facts.version());
    }

    /** A power cut may take what was shown: of another run other facts count. */
    boolean isSame(Message.Facts facts) {
      return journal.equals(facts.journal()) && since == facts.since();
    }
  }

  Barriers(
      ReplicaState state,
      Paths paths,
      Rests rests,
      Scans scans,
      Deletions deletions,
      Sessions sessions,
      FactsBook facts,
      Health health,
      Syncs syncs) {
    this.state = state;
    this.paths = paths;
    this.rests = rests;
    this.scans = scans;
    this.deletions = deletions;
    this.sessions = sessions;
    this.facts = facts;
    this.health = health;
    this.syncs = syncs;
  }

  void asked(Event.BarrierAsked asked) {
    if (health.isLost() || state.isPaused()) {
      reply(new Waiting(asked, state.steadyMillis), Answer.BarrierEnd.NOT_LIVE);
      return;
    }
    waiting.add(new Waiting(asked, state.steadyMillis));
    awaitUnclosed();
    state.emit(new Effect.Flush(asked.request()));
  }

  void flushed(long request, boolean exact) {
    for (Waiting barrier : waiting) {
      if (barrier.asked.request() == request) {
        rests.end(barrier.asked.scope(), state.steadyMillis);
        paths.hurry(barrier.asked.scope());
        rests.await(paths.inspectedAgain(barrier.asked.scope()));
        paths
            .unclosed()
            .within(barrier.asked.scope())
            .forEach(path -> paths.suspect(path, new Paths.Suspicion(Cause.WATCH, false)));
        scans.hurry();
        if (exact && !scans.isToCome()) {
          barrier.flushed = true;
        } else {
          scans.begin(
              barrier.asked.scope(), Cause.SCAN, Long.MAX_VALUE, () -> barrier.flushed = true);
        }
      }
    }
  }

  /** Ends those that are over. */
  void evaluate() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> over = new ArrayList<>();
    for (Waiting barrier : waiting) {
      boolean quiet =
          !scans.isToBeTriedAgain(barrier.asked.scope())
              && paths.backlog() == 0
              && !paths.hasLooksBehindWork()
              && !scans.isScanning()
              && !deletions.isWaiting();
      if (barrier.flushed && barrier.snapshot.isEmpty() && quiet) {
        barrier.snapshot = Optional.of(state.root().clock());
        barrier.sync = syncs.next();
        barrier.unread = unread(barrier.asked.scope());
      }
      if (end(barrier).isPresent()) {
        over.add(barrier);
      }
    }
    for (Waiting barrier : over) {
      waiting.remove(barrier);
      reply(barrier, end(barrier).orElseThrow());
    }
    awaitUnclosed();
    if (waiting.isEmpty()) {
      paths.hurryNoMore();
    }
  }

  /** Until all that was there is known, files are read as they are. */
  private void awaitUnclosed() {
    paths
        .unclosed()
        .await(
            waiting.stream()
                .filter(barrier -> barrier.snapshot.isEmpty())
                .map(barrier -> barrier.asked.scope())
                .toList());
  }

  private Optional<Answer.BarrierEnd> end(Waiting barrier) {
    if (health.isLost()) {
      return Optional.of(Answer.BarrierEnd.NOT_LIVE);
    }
    if (barrier.snapshot.isPresent()) {
      if (deletions.isHolding(barrier.asked.scope())) {
        return Optional.of(Answer.BarrierEnd.NOT_LIVE);
      }
      for (NodeId peer : state.peers) {
        look(barrier, peer);
      }
      OptionalInt needed = barrier.asked.peersNeeded();
      boolean here = !barrier.asked.durable() || syncs.hasEnded(barrier.sync);
      if (here && barrier.doneMillis.size() >= needed.orElse(state.peers.size())) {
        return Optional.of(Answer.BarrierEnd.DONE);
      }
    }
    if (state.steadyMillis < barrier.deadlineMillis()) {
      return Optional.empty();
    }
    long connected =
        state.peers.stream()
            .filter(
                peer -> barrier.doneMillis.containsKey(peer) || sessions.live().containsKey(peer))
            .count();
    return Optional.of(
        connected < barrier.asked.peersNeeded().orElse(state.peers.size())
            ? Answer.BarrierEnd.PEER_OFFLINE
            : Answer.BarrierEnd.TIMED_OUT);
  }

  private void look(Waiting barrier, NodeId peer) {
    if (!facts.shows(peer, barrier.snapshot.orElseThrow(), barrier.asked.scope())) {
      barrier.shown.remove(peer);
      return;
    }
    Message.Facts told = facts.of(peer).orElseThrow();
    Shown shown =
        barrier.shown.merge(
            peer, new Shown(told), (first, now) -> first.isSame(told) ? first : now);
    if (!barrier.asked.durable() || told.synced() >= shown.version()) {
      barrier.doneMillis.putIfAbsent(peer, state.steadyMillis - barrier.startedMillis);
    }
  }

  /** Whether one waits for a sync of this node. */
  boolean needsSync() {
    return !state.root().syncFailed()
        && waiting.stream()
            .anyMatch(barrier ->
                barrier.asked.durable()
                    && barrier.snapshot.isPresent()
                    && !syncs.hasEnded(barrier.sync));
  }

  private void reply(Waiting barrier, Answer.BarrierEnd end) {
    TreeMap<NodeId, Answer.PeerPart> parts = new TreeMap<>();
    for (NodeId peer : state.peers) {
      Long millis = barrier.doneMillis.get(peer);
      parts.put(
          peer,
          new Answer.PeerPart(
              millis != null,
              millis == null ? state.steadyMillis - barrier.startedMillis : millis,
              sessions.live().containsKey(peer),
              facts.pending(peer),
              facts.isPaused(peer),
              barrier.shown.containsKey(peer)));
    }
    List<RelativePath> unread =
        barrier.snapshot.isPresent() ? barrier.unread : unread(barrier.asked.scope());
    state.emit(new Effect.Reply(barrier.asked.request(), new Answer.Barrier(end, parts, unread)));
  }

  /** Nobody could read it, the last time that it was tried. */
  private List<RelativePath> unread(RelativePath scope) {
    TreeSet<RelativePath> unread = new TreeSet<>(paths.unread(scope, UNREAD_MAX));
    scans.notListed(scope).forEach(unread::add);
    state
        .index
        .pendingAfter(RelativePath.ROOT, PENDING_MAX)
        .forEach((path, pending) -> {
          if (pending.problem().equals(Rests.WITHOUT_PAUSE) && path.isWithin(scope)) {
            unread.add(path);
          }
        });
    return unread.stream().limit(UNREAD_MAX).toList();
  }

  long wakeAtMillis() {
    if (waiting.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return waiting.stream().mapToLong(Waiting::deadlineMillis).min().orElse(Long.MAX_VALUE);
  }
}
