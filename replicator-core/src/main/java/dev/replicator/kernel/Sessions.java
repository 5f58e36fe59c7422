package dev.replicator.kernel;

import dev.replicator.model.Change;
import dev.replicator.model.Group;
import dev.replicator.model.Identity;
import dev.replicator.model.Invariant;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * What a peer is sent is a cursor into the journal, never a queue: a slow peer costs nothing but
 * its own lag, and a session resumes at what the peer's own journal says it holds. The end mark
 * of a run carries the sender's clock; only then does the receiver answer for everything the
 * clock covers.
 */

/** Exchanges records with connected peers. */
final class Sessions {
  private static final long IDLE_RUN_MILLIS = 1_000;
  private static final String BEYOND_LIMITS =
      "more concurrent versions or replicas than a record may hold";

  private final ReplicaState state;
  private final Births births;
  private final Records records;
  private final Groups groups;
  private final Equivocations equivocations;
  private final Events events;
  private final TreeSet<NodeId> connected = new TreeSet<>();
  private final TreeMap<NodeId, LivePeer> live = new TreeMap<>();
  private final Copies copies = new Copies();

  /** That the journal is older, which a peer told while no other identity was at hand. */
  private Optional<Rollback> shown = Optional.empty();

  /** What the rest of the replica does about what peers say. */
  interface Events {
    /** The journal turned out to be older than what a peer remembers of it. */
    void rolledBack(Rollback rollback);

    /** A peer was greeted: it may have what is missing here. */
    void greeted(NodeId peer);

    /**
     * This node or the peer may show what the other has forgotten: its journal may be an old one.
     */
    void unsure(NodeId peer);

    /** One full merge with a peer ended for the first time. */
    void firstMerge();
  }

  Sessions(ReplicaState state, Births births, Records records, Groups groups, Events events) {
    this.state = state;
    this.births = births;
    this.records = records;
    this.groups = groups;
    this.equivocations = new Equivocations(state, births);
    this.events = events;
  }

  SortedMap<NodeId, LivePeer> live() {
    return live;
  }

  Optional<LivePeer> find(NodeId peer) {
    return Optional.ofNullable(live.get(peer));
  }

  void connected(NodeId peer) {
    ended(peer);
    connected.add(peer);
    Optional<PeerProgress> known = Optional.ofNullable(state.draft.peers().get(peer));
    state.emit(
        new Effect.Send(
            peer,
            new Message.Hello(
                state.root().identity(),
                state.root().clock(),
                known.map(PeerProgress::theirs),
                known.map(progress -> new Sequence(progress.journal(), progress.merged())),
                known.flatMap(PeerProgress::lastSynced),
                state.settings.rules())));
  }

  void disconnected(NodeId peer) {
    ended(peer);
    connected.remove(peer);
  }

  private void ended(NodeId peer) {
    find(peer).ifPresent(session -> copies.ended(peer, session));
    live.remove(peer);
  }

  private void disconnect(NodeId peer, String reason) {
    state.emit(new Effect.Disconnect(peer, reason));
    disconnected(peer);
  }

  /** Ends all sessions: every peer must learn of the new identity by a new Hello. */
  void greetAnew() {
    for (NodeId peer : List.copyOf(connected)) {
      state.emit(
          new Effect.Renew(
              peer,
              "this node writes under a new identity: its journal is new, or older than its peers"
                  + " remember"));
      disconnected(peer);
    }
  }

  void greeted(NodeId peer, Message.Hello hello) {
    Identity ours = state.root().identity();
    boolean cloned =
        hello.identity().journal().equals(ours.journal())
            || hello.identity().replica().equals(ours.replica());
    if (cloned) {
      state.alarm("peer " + peer + " uses our replica id: its state directory is a copy of ours");
    }
    Optional<Effect> copied = copies.shownBy(peer, hello);
    if (copied.isPresent()) {
      state.emit(copied.get());
      disconnect(peer, "a copy of this node went on with its journal");
      return;
    }
    copies.greeted(peer, ours.journal());
    Optional<PeerProgress> before = Optional.ofNullable(state.draft.peers().get(peer));
    if (isRolledBack(peer, births.memories().contradiction(peer, hello, before))
        || !births.greeted(peer, before, hello)
        || before.filter(known -> Memories.isFormer(known, hello.identity())).isPresent()) {
      return;
    }
    Sequence theirs =
        before
            .map(PeerProgress::theirs)
            .filter(sequence -> sequence.journal().equals(hello.identity().journal()))
            .orElseGet(() -> new Sequence(hello.identity().journal(), 0));
    long held = hello.held(ours.journal()).orElse(0);
    long cursor = Math.min(held, state.root().nextNumber() - 1);
    boolean behind = before.filter(it -> Memories.isBehind(it, hello)).isPresent();
    boolean unsure =
        behind
            || before.map(PeerProgress::behind).orElse(false)
            || births.memories().isCutOff(peer, hello, before);
    PeerProgress progress =
        before
            .orElseGet(() -> PeerProgress.unknown(theirs, ours.journal()))
            .greeted(theirs, ours.journal(), cursor);
    state.draft.putPeer(peer, progress.withBehind(unsure));
    boolean complete = progress.complete();
    boolean sameRules = hello.filter().equals(state.settings.rules());
    long head = state.root().nextNumber() - 1;
    live.put(
        peer,
        new LivePeer(
            hello.identity(), sameRules, complete, hello.clock(), cursor, theirs.number(), head));
    events.greeted(peer);
    if (behind) {
      state.tell("peer " + peer + " came back with an old journal; comparing everything with it");
    }
    if (unsure) {
      events.unsure(peer);
    }
  }

  /** Whether our journal was; the session ends, to be greeted by what this node is from now on. */
  private boolean isRolledBack(NodeId peer, Optional<Rollback> found) {
    if (found.isPresent()) {
      if (births.rollBack(found.get())) {
        events.rolledBack(found.get());
      } else {
        shown = found;
        disconnect(peer, "this node can draw no other identity now");
      }
    }
    return found.isPresent();
  }

  /** Whoever showed it has met this node as what it is now, and may have forgotten by that. */
  void identityDrawn() {
    Optional<Rollback> found = shown;
    shown = Optional.empty();
    found.filter(births::rollBack).ifPresent(events::rolledBack);
  }

  /** Whether nothing that tells of {@code clock} may be merged by what this node is now. */
  private boolean isStopped(NodeId peer, VersionVector clock) {
    return isRolledBack(peer, births.contradiction(clock)) && !live.containsKey(peer);
  }

  void changes(NodeId peer, Message.Changes run) {
    LivePeer from = live.get(peer);
    if (from == null || !run.journal().equals(from.journal) || run.after() > from.merged) {
      disconnect(peer, "changes that do not follow what was merged");
      return;
    }
    if (!run.endMark().map(state.root().clock()::fits).orElse(true)) {
      disconnect(peer, BEYOND_LIMITS);
      return;
    }
    VersionVector mark = run.endMark().orElse(VersionVector.EMPTY);
    long before = state.root().nextNumber();
    if (!mergeAll(peer, run.changes()) || isStopped(peer, mark)) {
      return;
    }
    state.exchanged += state.root().nextNumber() - before;
    from.merged = Math.max(from.merged, run.through());
    PeerProgress progress = progress(peer);
    if (progress.complete()) {
      tellGroups(peer, run.changes());
    }
    if (run.endMark().isPresent()) {
      groups.marked(peer);
      state.joinClock(mark);
      from.clock = from.clock.join(mark);
      from.marked = true;
      births.merged(peer);
    }
    state.draft.putPeer(peer, progress.withTheirs(new Sequence(from.journal, from.merged)));
    complete(peer, from);
  }

  /** A merge is complete when both sides told each other everything. */
  private void complete(NodeId peer, LivePeer session) {
    if (session.acknowledged >= session.comparedThrough) {
      session.comparedThrough = Long.MAX_VALUE;
      state.draft.putPeer(peer, progress(peer).withBehind(false));
    }
    PeerProgress progress = progress(peer);
    if (!progress.complete() && session.marked && session.acknowledged >= session.head) {
      state.draft.putPeer(peer, progress.withComplete(true));
      events.firstMerge();
    }
  }

  /**
   * All that a peer with an old journal has was compared. What answers it was told before this
   * number: acknowledged, it has come; else it is compared again, for a clock may cover the answer.
   */
  void compared(NodeId peer) {
    find(peer)
        .ifPresent(session -> {
          session.comparedThrough = state.root().nextNumber() - 1;
          complete(peer, session);
        });
  }

  /*
   * This journal is older than what it acknowledged. It may hold versions whose deletion everybody
   * else has forgotten; their clocks cover them, so only telling them gets the answer.
   */
  void mergeAnew() {
    new TreeMap<>(state.draft.peers())
        .forEach((peer, progress) -> state.draft.putPeer(peer, progress.withComplete(false)));
  }

  private PeerProgress progress(NodeId peer) {
    Optional<PeerProgress> known = Optional.ofNullable(state.draft.peers().get(peer));
    Invariant.check(known.isPresent(), "a live peer has its progress kept");
    return known.orElseThrow();
  }

  /** Records told outside of the order of the journal. */
  void told(NodeId peer, List<Change> told) {
    mergeAll(peer, told);
  }

  /** Merges up to the first record that ends the session; whether none did. */
  private boolean mergeAll(NodeId peer, List<Change> changes) {
    for (Change change : changes) {
      if (isStopped(peer, change.record().context())) {
        return false;
      }
      if (!records.of(change.path()).fits(change.record())) {
        disconnect(peer, BEYOND_LIMITS);
        return false;
      }
      merge(peer, change);
    }
    return true;
  }

  private void merge(NodeId peer, Change change) {
    RelativePath path = change.path();
    Record theirs = change.record();
    state.witness(theirs.clockMax());
    Optional<RecordState> before = records.find(path);
    Record ours = records.of(path);
    Record joined = before.isPresent() ? ours.merge(theirs) : ours.revive(theirs);
    Record merged = equivocations.keep(path, ours, theirs, joined);
    if (before.isEmpty() ? merged.isEmpty() : merged.equals(ours)) {
      answer(peer, path, before, merged, theirs);
      closeAgain(peer, path, before, change);
      return;
    }
    // The mark of this run may cover it: then the answer does not go with the other changes.
    if (!merged.holds(theirs)) {
      tell(peer, path, merged, change.group());
    }
    boolean same = merged.bounded().equals(theirs);
    Optional<NodeId> sender = same ? Optional.of(peer) : Optional.empty();
    records.store(path, merged, sender, change.group());
  }

  /** Others learn from us, too, that all of a group was told; so does the peer what it lacks. */
  private void closeAgain(
      NodeId peer, RelativePath path, Optional<RecordState> before, Change change) {
    Group known = new Group(before.map(RecordState::group).orElse(0L));
    Group told = new Group(change.group());
    if (told.isClosed() && !known.isClosed() && told.isSame(known)) {
      records.close(path, told, peer, change.record());
    }
  }

  private void tellGroups(NodeId peer, List<Change> changes) {
    for (Change change : changes) {
      if (change.group() != 0) {
        long stored = records.find(change.path()).map(RecordState::group).orElse(0L);
        boolean news = stored == change.group();
        groups.told(peer, change, news);
      }
    }
  }

  /** What the peer shows though it was superseded long ago is answered with what superseded it. */
  private void answer(
      NodeId peer, RelativePath path, Optional<RecordState> before, Record ours, Record theirs) {
    boolean shows = theirs.contents().elements().stream().anyMatch(e -> e.value().isPresent());
    if (!shows || ours.equals(theirs)) {
      return;
    }
    LivePeer session = live.get(peer);
    boolean toldBefore =
        before.isEmpty() || (session != null && before.get().number() <= session.acknowledged);
    if (toldBefore) {
      long group = before.map(RecordState::group).orElse(0L);
      records.repeat(path, ours, group);
      tell(peer, path, ours, group);
    }
  }

  private void tell(NodeId peer, RelativePath path, Record record, long group) {
    Change told = new Change(0, path, record, group);
    state.emit(new Effect.Send(peer, new Message.Told(List.of(told))));
  }

  void acknowledged(NodeId peer, Message.Acknowledgement told) {
    LivePeer session = live.get(peer);
    boolean ours = told.journal().equals(state.root().identity().journal());
    if (session == null || !ours) {
      return;
    }
    if (told.merged() > session.cursor || told.durable() > told.merged()) {
      disconnect(peer, "acknowledges what was not sent");
      return;
    }
    PeerProgress progress = progress(peer);
    session.acknowledged = Math.max(session.acknowledged, told.merged());
    if (told.merged() > progress.merged() || told.durable() > progress.durable()) {
      state.draft.putPeer(peer, progress.withAcknowledged(told.merged(), told.durable()));
    }
    complete(peer, session);
  }

  /** Sends what the appends of earlier steps made sendable. */
  void pump() {
    if (state.isPaused()) {
      return;
    }
    live.forEach((peer, session) -> {
      boolean more = true;
      while (more) {
        more = pump(peer, session);
      }
      if (session.isAcknowledgementDue(state.steadyMillis)) {
        acknowledge(peer, session, session.durableTold);
      }
    });
  }

  private boolean pump(NodeId peer, LivePeer session) {
    long head = state.root().nextNumber() - 1;
    if (session.cursor - session.acknowledged > state.settings.bounds().window()) {
      if (session.told < session.cursor) {
        // Nothing of what was passed over asks the peer for an answer that would open the window.
        send(peer, session, session.cursor, List.of(), session.cursor >= head);
      }
      return false;
    }
    if (session.cursor >= head) {
      return idleRun(peer, session, head);
    }
    List<Map.Entry<RelativePath, RecordState>> page =
        state.index.changesAfter(session.cursor, state.settings.bounds().batch());
    // A run that has just room for all that there is ends there, too.
    boolean last =
        page.size() < state.settings.bounds().batch() || page.getLast().getValue().number() == head;
    long through = last ? head : page.getLast().getValue().number();
    long bytes = 0;
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<RelativePath, RecordState> entry : page) {
      RecordState stored = entry.getValue();
      bytes += Weight.of(entry.getKey(), stored.record());
      if (bytes > Limits.BATCH_BYTES_MAX && !changes.isEmpty()) {
        last = false;
        through = stored.number() - 1;
        break;
      }
      // What it sent in an earlier session may have been lost with its power since.
      boolean echo = stored.sender().equals(Optional.of(peer)) && stored.number() > session.head;
      if (!echo && !session.isSpared(stored)) {
        changes.add(new Change(stored.number(), entry.getKey(), stored.record(), stored.group()));
      }
    }
    session.cursor = through;
    if (!changes.isEmpty()) {
      state.exchanged += changes.size();
      send(peer, session, through, changes, last);
    }
    return !last;
  }

  /** Tells of numbers that carry nothing for the peer, now and then. */
  private boolean idleRun(NodeId peer, LivePeer session, long head) {
    boolean never = session.idleAtMillis == 0;
    if ((session.told < head && state.steadyMillis >= session.idleAtMillis) || never) {
      send(peer, session, head, List.of(), true);
    }
    return false;
  }

  private void send(
      NodeId peer, LivePeer session, long through, List<Change> changes, boolean last) {
    Optional<VersionVector> mark = last ? Optional.of(state.root().clock()) : Optional.empty();
    Message.Changes run =
        new Message.Changes(
            state.root().identity().journal(), session.told, through, changes, List.of(), mark);
    // Two trees that meet are mostly equal: who lacks a content asks for it.
    state.emit(new Effect.Send(peer, run, progress(peer).complete()));
    session.told = through;
    session.idleAtMillis = state.steadyMillis + IDLE_RUN_MILLIS;
  }

  private void acknowledge(NodeId peer, LivePeer session, long durable) {
    if (session.mergedTold != session.merged || session.durableTold != durable) {
      session.acknowledged(durable);
      state.emit(
          new Effect.Send(
              peer, new Message.Acknowledgement(session.journal, session.merged, durable)));
    }
  }

  /** How far each live peer's journal is merged now; given back to {@link #synced}. */
  Map<NodeId, Sequence> mergedNow() {
    Map<NodeId, Sequence> merged = new TreeMap<>();
    live.forEach((peer, session) -> merged.put(peer, session.mergedTold()));
    return merged;
  }

  /** What was merged when the sync began is on stable storage. */
  void synced(Map<NodeId, Sequence> merged) {
    live.forEach((peer, session) -> {
      long durable = session.synced(Optional.ofNullable(merged.get(peer)));
      if (durable > session.durableTold) {
        acknowledge(peer, session, durable);
      }
    });
  }

  boolean hasUnsynced() {
    return live.values().stream().anyMatch(session -> session.mergedTold > session.durableTold);
  }

  long wakeAtMillis() {
    if (state.isPaused()) {
      return Long.MAX_VALUE;
    }
    long head = state.root().nextNumber() - 1;
    long first = Long.MAX_VALUE;
    for (LivePeer session : live.values()) {
      first = Math.min(first, session.wakeAtMillis(head));
    }
    return first;
  }
}
