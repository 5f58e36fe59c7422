package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.JournalId;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.VersionVector;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What each node shows on its disk: tells ours, keeps and relays those of others. */
final class FactsBook {
  /** Of those that are pending, read at once: their names may be long. A part of those told. */
  private static final int PAGE_PATHS = 64;

  /** What changes meanwhile is told together, after the changes themselves went out. */
  private static final long PAUSE_MILLIS = 5;

  private static final long PAUSE_BUSY_MILLIS = 250;
  private static final int PENDING_BUSY = 64;
  private static final int OWN_CHANGES_MAX = 4_096;
  private static final SortedSet<RelativePath> NOTHING = Collections.emptySortedSet();
  private static final SortedSet<RelativePath> ALL =
      Collections.unmodifiableSortedSet(new TreeSet<>(List.of(RelativePath.ROOT)));

  private final ReplicaState state;
  private final Records records;
  private final Sessions sessions;
  private final Health health;
  private final ChangedRules rules;
  private final Deletions deletions;
  private final TreeMap<NodeId, Message.Facts> known = new TreeMap<>();
  private final TreeMap<NodeId, NodeId> toRelay = new TreeMap<>();
  private final ArrayDeque<OwnChange> ownChanges = new ArrayDeque<>();

  /** Of those for which there was no room: the last, since the first of them. */
  private Optional<OwnChange> unlisted = Optional.empty();

  private VersionVector told = VersionVector.EMPTY;
  private long version;

  /** The first version that this run told. */
  private long since;

  /** What was told last when the sync began that runs, and when the last one began that ended. */
  private long syncing;

  private long synced;

  /** When what is told was another than before. */
  private long changedVersion;

  private Optional<Message.Facts> last = Optional.empty();
  private long dueMillis;
  private boolean due;
  private SortedSet<RelativePath> toldUnseen = NOTHING;
  private long toldHeld;

  /** A recent write of this node, kept until every peer shows it. */
  private record OwnChange(Dot dot, RelativePath path, long millis) {}

  FactsBook(
      ReplicaState state,
      Records records,
      Sessions sessions,
      Health health,
      ChangedRules rules,
      Deletions deletions) {
    this.rules = rules;
    this.deletions = deletions;
    this.state = state;
    this.records = records;
    this.sessions = sessions;
    this.health = health;
  }

  void wrote(Dot dot, RelativePath path) {
    if (ownChanges.size() < state.settings.bounds().remembered(OWN_CHANGES_MAX)) {
      ownChanges.add(new OwnChange(dot, path, state.steadyMillis));
    } else {
      // Once all who can be asked show the last of them, those before are over.
      long millis =
          unlisted
              .filter(last -> !isShownByAllThatAreHere(last))
              .map(OwnChange::millis)
              .orElse(state.steadyMillis);
      unlisted = Optional.of(new OwnChange(dot, path, millis));
    }
  }

  private boolean isShownByAllThatAreHere(OwnChange last) {
    return sessions.live().keySet().stream()
        .allMatch(peer -> of(peer).filter(facts -> isShownToThe(facts, last)).isPresent());
  }

  /** What this node shows, or whether it is paused, is another: it is told. */
  void changed() {
    due = true;
  }

  void syncBegins() {
    syncing = version;
  }

  /**
   * All that was told before it began is on stable storage: peers are told.
   *
   * @return whether something else was told since, of which only another sync can say that
   */
  boolean syncEnded() {
    due = due || syncing > synced;
    synced = syncing;
    return changedVersion > syncing;
  }

  void received(NodeId from, Message.Facts facts) {
    if (facts.node().equals(state.settings.self())) {
      // Told by a life that this journal does not know: what is told from now on must be newer.
      due = due || facts.version() > version;
      version = Math.max(version, facts.version());
      return;
    }
    if (!state.peers.contains(facts.node())) {
      return;
    }
    Message.Facts before = known.get(facts.node());
    boolean direct = facts.node().equals(from);
    boolean news = before == null || before.version() < facts.version();
    if (direct || news) {
      known.put(facts.node(), facts);
      forgetShown();
    }
    if (news) {
      toRelay.put(facts.node(), from);
    }
  }

  Optional<Message.Facts> of(NodeId peer) {
    return Optional.ofNullable(known.get(peer));
  }

  /**
   * What was not looked at of a root that was lost, or of a disk that may lack what the journal
   * knows; all of it until records were compared with other rules.
   */
  private SortedSet<RelativePath> unseen() {
    RootState root = state.root();
    boolean whole = root.adoption().whole();
    if (health.isUnseen() || rules.isComparing() || (!root.scanned() && !whole)) {
      return ALL;
    }
    return whole ? NOTHING : root.unread();
  }

  private boolean hasMoved() {
    return due
        || toldHeld != deletions.heldVersion()
        || !toldUnseen.equals(unseen())
        || !told.equals(state.root().clock());
  }

  /** Sends what is news. Called at the start of a step, when the index is whole. */
  void tell() {
    boolean moved = hasMoved();
    if (!moved && toRelay.isEmpty()) {
      return;
    }
    if (dueMillis == 0) {
      boolean busy = state.index.pendingCount() > PENDING_BUSY;
      dueMillis = state.steadyMillis + (busy ? PAUSE_BUSY_MILLIS : PAUSE_MILLIS);
    }
    if (state.steadyMillis < dueMillis) {
      return;
    }
    dueMillis = 0;
    if (moved) {
      due = false;
      told = state.root().clock();
      toldUnseen = unseen();
      toldHeld = deletions.heldVersion();
      Message.Facts own = own();
      sessions.live().keySet().forEach(peer -> state.emit(new Effect.Send(peer, own)));
    }
    toRelay.forEach((node, from) -> {
      Message.Facts facts = known.get(node);
      for (NodeId peer : sessions.live().keySet()) {
        if (facts != null && !peer.equals(from) && !peer.equals(node)) {
          state.emit(new Effect.Send(peer, facts));
        }
      }
    });
    toRelay.clear();
  }

  /** A new session begins with everything known. */
  void greet(NodeId peer) {
    state.emit(new Effect.Send(peer, own()));
    known.values().forEach(facts -> state.emit(new Effect.Send(peer, facts)));
  }

  /** Only of configured peers is anything kept. */
  void peersConfigured() {
    known.keySet().retainAll(state.peers);
    toRelay.keySet().retainAll(state.peers);
    forgetShown();
  }

  private Message.Facts own() {
    version = Math.max(version + 1, state.wallMillis);
    since = since == 0 ? version : since;
    SortedSet<RelativePath> exceptions = new TreeSet<>(unseen());
    exceptions.removeIf(path -> !path.isRoot() && !records.isKnown(path));
    long more = state.index.pendingCount();
    if (exceptions.size() + deletions.heldCount() <= Limits.EXCEPTIONS_MAX) {
      // What is gone here and held back is not shown here, though the records say so.
      exceptions.addAll(deletions.held());
    } else {
      more += deletions.heldCount();
    }
    long bytes = exceptions.stream().mapToLong(Weight::of).sum();
    if (exceptions.contains(RelativePath.ROOT) || bytes > Limits.BATCH_BYTES_MAX) {
      // Of a root of which nobody knows what it lacks: that is one thing more.
      exceptions.clear();
      bytes = 0;
      more++;
    }
    RelativePath after = RelativePath.ROOT;
    boolean within = true;
    for (int read = exceptions.size();
        within && read + PAGE_PATHS <= Limits.EXCEPTIONS_MAX;
        read += PAGE_PATHS) {
      Map<RelativePath, Pending> page = state.index.pendingAfter(after, PAGE_PATHS);
      within = page.size() == PAGE_PATHS;
      for (Map.Entry<RelativePath, Pending> entry : page.entrySet()) {
        after = entry.getKey();
        boolean behind = isBehind(after, entry.getValue());
        bytes += behind ? Weight.of(after) : 0;
        if (bytes > Limits.BATCH_BYTES_MAX) {
          within = false;
          break;
        }
        more--;
        if (behind) {
          exceptions.add(after);
        }
      }
    }
    Message.Facts own =
        new Message.Facts(
            state.settings.self(),
            state.root().identity().journal(),
            version,
            state.root().clock(),
            List.copyOf(exceptions),
            Math.max(0, more),
            state.root().paused(),
            since,
            synced);
    changedVersion = last.filter(own::showsAs).isPresent() ? changedVersion : version;
    last = Optional.of(own);
    return own;
  }

  /** A local file that cannot be read keeps nobody waiting: nothing of it is known elsewhere. */
  private boolean isBehind(RelativePath path, Pending pending) {
    return pending.problem().kind() == Problem.Kind.WAITING
        || (records.find(path).isPresent()
            && !records.showing(path).isSettledBy(state.draft.materialised(path)));
  }

  long wakeAtMillis() {
    boolean moved = hasMoved();
    return moved || !toRelay.isEmpty() ? dueMillis : Long.MAX_VALUE;
  }

  /** Whether {@code peer} shows everything that {@code clock} covers below {@code scope}. */
  boolean shows(NodeId peer, VersionVector clock, RelativePath scope) {
    Message.Facts facts = known.get(peer);
    return facts != null
        && facts.applied().covers(clock)
        && facts.more() == 0
        && facts.exceptions().stream()
            .noneMatch(path -> path.isWithin(scope) || scope.isWithin(path));
  }

  long pending(NodeId peer) {
    Message.Facts facts = known.get(peer);
    return facts == null ? 0 : facts.exceptions().size() + facts.more();
  }

  /** What is known of a configured peer at {@code steadyMillis}. */
  PeerView view(NodeId peer, long steadyMillis) {
    Optional<LivePeer> live = sessions.find(peer);
    Optional<PeerProgress> progress = Optional.ofNullable(state.draft.peers().get(peer));
    return new PeerView(
        live.isPresent(),
        lagMillis(peer, steadyMillis),
        behind(peer),
        pending(peer),
        progress.map(PeerProgress::complete).orElse(false),
        live.map(session -> session.marked).orElse(false),
        live.map(session -> !session.sameRules).orElse(false),
        live.isPresent() && progress.map(PeerProgress::behind).orElse(false),
        isPaused(peer));
  }

  /** Whether somebody paused {@code peer}, as far as it told. */
  boolean isPaused(NodeId peer) {
    return of(peer).map(Message.Facts::paused).orElse(false);
  }

  /**
   * How many numbers of ours {@code peer} has not merged: none when it told that it shows all that
   * is known here, for it may be all its own. One that is away has those that it last acknowledged.
   */
  long behind(NodeId peer) {
    if (of(peer).filter(facts -> facts.applied().covers(state.root().clock())).isPresent()) {
      return 0;
    }
    long head = state.root().nextNumber() - 1;
    Optional<LivePeer> live = sessions.find(peer);
    if (live.isPresent()) {
      return head - live.get().acknowledged;
    }
    JournalId ours = state.root().identity().journal();
    return head
        - Optional.ofNullable(state.draft.peers().get(peer))
            .filter(progress -> progress.journal().equals(ours))
            .map(PeerProgress::merged)
            .orElse(0L);
  }

  /**
   * Age at {@code steadyMillis} of the oldest write of ours that {@code peer} does not show; 0 when
   * it shows all. Of one that this node never met others may still tell what it showed when it was
   * there: nobody knows that it goes on.
   */
  OptionalLong lagMillis(NodeId peer, long steadyMillis) {
    Message.Facts facts = known.get(peer);
    if (facts == null || !state.draft.peers().containsKey(peer)) {
      return OptionalLong.empty();
    }
    Stream<OwnChange> listed =
        ownChanges.stream().filter(change -> !isShown(facts, change)).limit(1);
    Stream<OwnChange> others = unlisted.stream().filter(last -> !isShownToThe(facts, last));
    OptionalLong oldest = Stream.concat(listed, others).mapToLong(OwnChange::millis).min();
    if (oldest.isPresent()) {
      return OptionalLong.of(Math.max(0, steadyMillis - oldest.getAsLong()));
    }
    return coversOurs(facts) ? OptionalLong.of(0) : OptionalLong.empty();
  }

  /** Whether it has what was written before this start as well: nobody remembers when that was. */
  private boolean coversOurs(Message.Facts facts) {
    ReplicaId ours = state.root().identity().replica();
    return facts.applied().counter(ours) >= state.root().clock().counter(ours);
  }

  /** Where more is pending than is listed, nothing is known of what comes after the last listed. */
  private static boolean isShown(Message.Facts facts, OwnChange change) {
    return facts.applied().covers(change.dot())
        && !facts.exceptions().contains(change.path())
        && (facts.more() == 0 || isListed(facts, change.path()));
  }

  private static boolean isListed(Message.Facts facts, RelativePath path) {
    List<RelativePath> listed = facts.exceptions();
    return !listed.isEmpty() && path.compareTo(listed.getLast()) < 0;
  }

  private static boolean isShownToThe(Message.Facts facts, OwnChange last) {
    return facts.applied().covers(last.dot()) && facts.more() == 0;
  }

  private void forgetShown() {
    while (!ownChanges.isEmpty() && isShownEverywhere(ownChanges.peekFirst())) {
      ownChanges.pollFirst();
    }
    boolean all =
        unlisted.stream()
            .allMatch(last ->
                state.peers.stream()
                    .allMatch(
                        peer -> known.containsKey(peer) && isShownToThe(known.get(peer), last)));
    unlisted = ownChanges.isEmpty() && all ? Optional.empty() : unlisted;
  }

  private boolean isShownEverywhere(OwnChange change) {
    return state.peers.stream()
        .allMatch(peer -> known.containsKey(peer) && isShown(known.get(peer), change));
  }

  SortedMap<NodeId, Message.Facts> all() {
    return Collections.unmodifiableSortedMap(known);
  }
}
