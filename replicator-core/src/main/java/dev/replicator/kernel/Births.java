package dev.replicator.kernel;

import dev.replicator.model.Adoption;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/*
 * A replica id stands for one unbroken history of writes. A journal that was lost, rolled back or
 * cut off by a power failure cannot go on with its id: it might write a used dot again, and one of
 * two contents under one dot would be lost. It gets a new id, and what its scan finds is adopted:
 * believed to exist, but never to be newer than what others know.
 */

/**
 * Decides under which identity this node writes, and whether what it finds is written or adopted.
 */
final class Births {
  private static final long PEERS_WAIT_MILLIS = 2_000;
  private static final int VOUCHED_MAX = 65_536;

  private final ReplicaState state;
  private final TreeSet<NodeId> greeted = new TreeSet<>();

  /** Whose records were all merged in this life. */
  private final TreeSet<NodeId> merged = new TreeSet<>();

  private final Memories memories;
  private Optional<Identity> spare = Optional.empty();

  /** The life that began since the start. */
  private Optional<ReplicaId> born = Optional.empty();

  private boolean gateOpen;
  private long startedMillis;
  private final AdoptionTime adoptionTime;

  /** Up to when all was synced that the last life put. */
  private long syncedMillis = Long.MIN_VALUE;

  /** Who was a peer up to this start, or since, and came to be none: nobody asks him. */
  private final TreeSet<NodeId> parted = new TreeSet<>();

  private boolean reborn;

  /** How often a peer was believed to remember more than the journal. */
  private int rebirths;

  /** How often since the start all that is found came to be adopted. */
  private int adoptions;

  private final FirstLooks looks;

  /** Paths put or looked at since: of them the index can tell again what stands behind them. */
  private final TreeSet<RelativePath> vouched = new TreeSet<>();

  Births(ReplicaState state) {
    this.state = state;
    this.memories = new Memories(state);
    this.looks = new FirstLooks(state);
    this.adoptionTime = new AdoptionTime(state);
  }

  Memories memories() {
    return memories;
  }

  FirstLooks looks() {
    return looks;
  }

  void start(Event.Started event) {
    spare = Optional.of(event.spare());
    startedMillis = state.steadyMillis;
    adoptionTime.begin();
    Optional<RootState> stored = state.stored();
    stored.map(memories::start).ifPresent(parted::addAll);
    if (stored.isEmpty()) {
      state.setRoot(
          RootState.fresh(
              takeSpare(0), event.bootId(), state.settings.initial(), state.settings.rules()));
      gateOpen = true;
    } else if (stored.get().clean() || stored.get().bootId().equals(event.bootId())) {
      if (stored.get().clean()) {
        // The power must not bring the marker back over a tree that was worked on since.
        state.syncAppend();
      }
      state.setRoot(stored.get().withBoot(event.bootId(), false));
      if (stored.get().syncFailed()) {
        state.alarm(
            "a sync failed since the machine was started: what was written"
                + since(stored.get().checkpointMillis())
                + " may be lost when it stops, whatever a later sync says; check the disk, then"
                + " start the machine again");
      }
    } else {
      syncedMillis = stored.get().checkpointMillis();
      long bootMillis = event.bootMillis() == 0 ? state.wallMillis : event.bootMillis();
      RootState root = stored.get();
      List<FormerLife> lives = new ArrayList<>(root.unproven());
      lives.add(Rollback.living(root).withEnd(FormerLife.End.CUT_OFF));
      state.setRoot(
          root.withUnproven(bounded(lives))
              .withIdentity(takeSpare(bornMillis(root)))
              .withBoot(event.bootId(), false)
              .withSyncFailed(false)
              .adopting(new Adoption(bootMillis, false)));
      gateOpen = true;
    }
  }

  /** Born after every journal of ours that is known here, those that peers remember included. */
  private Identity takeSpare(long afterMillis) {
    Identity taken = spare.orElseThrow();
    spare = Optional.empty();
    born = Optional.of(taken.replica());
    state.emit(new Effect.DrawIdentity());
    long born = Math.max(state.wallMillis, afterMillis + 1);
    return new Identity(taken.replica(), taken.journal().bornAt(born));
  }

  private static String since(long checkpointMillis) {
    return checkpointMillis == 0 ? "" : " since " + Instant.ofEpochMilli(checkpointMillis);
  }

  private static long bornMillis(RootState root) {
    return root.identity().journal().bornMillis();
  }

  void identityDrawn(Identity fresh) {
    spare = Optional.of(fresh);
  }

  private static List<FormerLife> bounded(List<FormerLife> lives) {
    return lives.subList(Math.max(0, lives.size() - Limits.FORMER_LIVES_MAX), lives.size());
  }

  /** Whether local writes may be given dots; until then they wait. */
  boolean mayWrite() {
    return gateOpen;
  }

  /**
   * Called while writes wait: opens the gate once nobody remembers more, or nobody can be asked.
   */
  void knock() {
    if (gateOpen) {
      return;
    }
    boolean greetedAll = greeted.containsAll(state.peers);
    // Without peers an old journal need not know that it had one since it was copied.
    if (greetedAll && !greeted.isEmpty() && greeted.containsAll(parted)) {
      gateOpen = true;
    } else if (greetedAll || state.steadyMillis - startedMillis >= PEERS_WAIT_MILLIS) {
      spare.ifPresent(identity -> bearUnasked());
    }
  }

  /** Not everybody could be asked what he remembers of this node. */
  private void bearUnasked() {
    RootState root = state.root();
    state.setRoot(
        root.withUnproven(bounded(Rollback.lives(root))).withIdentity(takeSpare(bornMillis(root))));
    reborn = true;
    gateOpen = true;
  }

  /** When {@link #knock} is worth another try; far in the future when it is not. */
  long wakeAtMillis() {
    return gateOpen ? Long.MAX_VALUE : startedMillis + PEERS_WAIT_MILLIS;
  }

  /**
   * A peer said what it remembers of this node. One that lost its memory cannot: it is as if nobody
   * could be asked, and it may learn later, from an old journal of its own, what was written.
   *
   * @param before what is known here of the peer
   * @return whether this node is still who it was
   */
  boolean greeted(NodeId peer, Optional<PeerProgress> before, Message.Hello hello) {
    memories.told(peer, before, hello);
    if (before.filter(known -> remembers(known, hello)).isPresent()) {
      greeted.add(peer);
    } else if (!gateOpen) {
      bearUnasked();
      return false;
    }
    return true;
  }

  /** It is no peer any more, and perhaps was not asked yet. */
  void part(NodeId peer) {
    parted.add(peer);
    memories.part(peer);
  }

  /** All that a peer has was merged. */
  void merged(NodeId peer) {
    merged.add(peer);
  }

  /** Whether writes may stand in doubt, and everybody said what he remembers and has. */
  boolean isAnswered() {
    return !state.root().unproven().isEmpty()
        && (state.draft.peers().isEmpty() || !merged.isEmpty())
        && merged.containsAll(state.peers)
        && merged.containsAll(parted);
  }

  /** No write stands in doubt any more. */
  void settled() {
    if (greeted.containsAll(state.peers)) {
      state.setRoot(state.root().withUnproven(List.of()));
    }
  }

  /**
   * Its journal is the one that was known, or a new one that holds what that one held of ours. A
   * new one that holds nothing tells nothing, also where nothing is known of what the other held.
   */
  private static boolean remembers(PeerProgress known, Message.Hello hello) {
    OptionalLong held = hello.held(known.journal());
    boolean told = known.complete() && known.merged() > 0;
    return hello.identity().journal().equals(known.theirs().journal())
        || (told && held.isPresent() && held.getAsLong() >= known.merged());
  }

  /**
   * What a peer's clock covers: more writes of this node than its journal knows tell that it was
   * rolled back.
   */
  Optional<Rollback> contradiction(VersionVector peerClock) {
    return Rollback.shownBy(state.root(), peerClock);
  }

  /**
   * The journal is older than what a peer remembers of it: this node is born again.
   *
   * @return false when this node cannot be now
   */
  boolean rollBack(Rollback found) {
    if (rebirths == Limits.REBIRTHS_MAX) {
      // Each of them stays in the vectors of all nodes for ever.
      state.alarm(
          "peers say again and again that they remember more of our writes: one of them makes it"
              + " up; remove that one, and start this node again");
      return false;
    }
    state.alarm(
        "a peer remembers more of our writes than our journal does: the journal is older"
            + " than it should be; adopting what is on the disk");
    if (spare.isEmpty()) {
      state.alarm("no fresh identity at hand");
      return false;
    }
    rebirths++;
    state.setRoot(
        distrusted()
            .withUnproven(bounded(found.unproven()))
            .withIdentity(takeSpare(found.bornMillis())));
    reborn = true;
    gateOpen = true;
    return true;
  }

  /**
   * Another directory is the root from now on: what is in it was found, not written, and what it
   * lacks was not deleted, whatever was told of it while it was not the root.
   */
  void rootReplaced() {
    adoptionTime.begin();
    state.setRoot(distrusted());
  }

  /** The index tells of another directory or time: no checkpoint says what is on this disk. */
  private RootState distrusted() {
    syncedMillis = Long.MIN_VALUE;
    adoptions++;
    vouched.clear();
    return state.root().adopting(adoptionTime.all()).withCheckpoint(0);
  }

  /** Whether the identity changed since the last call: peers must be greeted anew. */
  boolean takeReborn() {
    boolean was = reborn;
    reborn = false;
    return was;
  }

  /** Until the first scan of this identity ended, what it finds is not known to be a write. */
  boolean isAdopting() {
    return !state.root().scanned();
  }

  /** As {@link #isAdopting()}, or that scan could not read what is at {@code path}. */
  boolean isAdopting(RelativePath path) {
    return isAdopting() || state.root().unread().stream().anyMatch(path::isWithin);
  }

  /**
   * A scan below {@code scope} was taken in.
   *
   * @param unread what it could not read of it
   */
  void scanned(RelativePath scope, SortedSet<RelativePath> unread) {
    TreeSet<RelativePath> scopes = new TreeSet<>(state.root().unread());
    scopes.removeIf(known -> known.isWithin(scope));
    scopes.addAll(unread);
    if (scopes.size() > state.settings.bounds().unreadScopes()) {
      scopes.clear();
      scopes.add(RelativePath.ROOT);
    }
    state.setRoot(state.root().withUnread(scopes));
  }

  /** Whether a scan could not read what is at {@code path}. */
  boolean isUnread(RelativePath path) {
    return state.root().unread().contains(path);
  }

  /** Whether what is found with {@code stamp} is adopted: older than the time we can vouch for. */
  boolean adopts(RelativePath path, Stamp stamp) {
    return isAdopting(path) && adoptionTime.isFound(state.root().adoption(), stamp);
  }

  /**
   * Ends the adoption when a scan of all that begins now is over. One that began before does not:
   * of what it did not list again nothing is known to have been looked at since.
   */
  Runnable adoptionScan() {
    int begun = adoptions;
    return () -> {
      if (begun == adoptions) {
        state.setRoot(state.root().withScanned(true));
      }
    };
  }

  /** As {@link #adoptionScan}, of the scan of this start. */
  Runnable startScan() {
    Runnable ends = adoptionScan();
    return () -> {
      looks.scanned();
      ends.run();
    };
  }

  /**
   * Whether what is found differs from the index because the index may be an old one: not everybody
   * said yet what it remembers, and who wrote before the daemon started was not seen.
   */
  boolean doubts(RelativePath path) {
    return !state.root().unproven().isEmpty() && !looks.isDone(path);
  }

  /** Whether {@code dot} was written since the start: no old journal tells of it. */
  boolean wrote(Dot dot) {
    return born.filter(dot.replica()::equals).isPresent();
  }

  /** The disk was looked at, and is as the index says. */
  void vouch(RelativePath path) {
    if (isAdopting(path)
        && !isWhole()
        && vouched.size() < state.settings.bounds().remembered(VOUCHED_MAX)) {
      vouched.add(path);
    }
  }

  /**
   * Whether the index knows what stood at {@code path} before the write that was found now. The
   * power may have failed between a change of the disk and the journal's sync; then a write that
   * comes before the first look replaced nobody knows what.
   */
  boolean knowsBefore(RelativePath path) {
    return isWhole() || !isAdopting(path) || vouched.contains(path);
  }

  /** Whether the disk holds nothing that this journal lost. */
  boolean isWhole() {
    return state.root().adoption().whole();
  }

  /**
   * What somebody replaced by {@code found}, with what of it is known to have stood there.
   *
   * @param record of the path
   */
  Optional<Materialised> knownBefore(RelativePath path, Target found, Record record) {
    Optional<Materialised> before = state.draft.materialised(path);
    boolean same = before.map(m -> m.entry().equals(found.entry())).orElse(true);
    return same || knowsBefore(path)
        ? unlessPut(path, before, found, record)
        : before.map(m -> m.withKnowledge(Knowledge.NONE));
  }

  /**
   * As {@code before}; of what this node itself may have replaced with {@code found} nothing is
   * known to have been replaced by somebody.
   */
  Optional<Materialised> unlessPut(
      RelativePath path, Optional<Materialised> before, Target found, Record record) {
    return mayBePut(path, found, record)
        ? before.map(m -> m.entry().equals(found.entry()) ? m : m.withKnowledge(Knowledge.NONE))
        : before;
  }

  /**
   * What somebody replaced by {@code found}, unless this node did and its journal is an old one.
   * Nothing tells which: it must not be lost, and must not come back either.
   */
  Knowledge perhaps(RelativePath path, Optional<Materialised> before, Target found, Record record) {
    boolean unclear = doubts(path) || mayBePut(path, found, record);
    return before
        .filter(m -> unclear && knowsBefore(path) && !m.entry().equals(found.entry()))
        .map(Materialised::knowledge)
        .orElse(Knowledge.NONE);
  }

  /**
   * What is to show is found before the first look, with its time: it may have been put, and the
   * journal be an old one by just that, which nobody else can tell.
   */
  private boolean mayBePut(RelativePath path, Target found, Record record) {
    boolean alike =
        found.entry().type().isTimed()
            && found.entry().equals(record.visibleEntry())
            && record.visibleMtime().filter(time -> time.value().equals(found.mtime())).isPresent();
    return alike && !looks.isDone(path);
  }

  /**
   * Whether {@code known} was on the disk when this life began: it was synced before, or seen
   * since. Of anything else an event that it is gone may tell of our own work on it; and what was
   * to be replaced may have been, before the journal heard of it. What was put is younger than its
   * author's write, and what was read is older than the write that the journal made of it.
   */
  boolean knowsPresent(RelativePath path, Materialised known) {
    boolean replaced = state.draft.pending(path).isPresent();
    long putMillis = known.stamp().ctimeNanos() / 1_000_000;
    boolean synced = Math.max(putMillis, known.writtenMillis()) < syncedMillis;
    return knowsBefore(path) || (synced && !replaced);
  }

  /**
   * A write cannot wait for the peers, as one that a crash left: it gets a new identity, for the
   * old one may have written more than its journal knows.
   */
  void mustWrite() {
    if (!gateOpen) {
      bearUnasked();
    }
  }

  /** How the next write is stamped; mints a dot. */
  LocalWrite.Pen pen(Record record, boolean adopted) {
    return pen(Dating.over(record), adopted, false);
  }

  /**
   * @param late adopted long after the first meeting: who won there has no say in it
   */
  LocalWrite.Pen pen(Dating dating, boolean adopted, boolean late) {
    Initial initial = late ? Initial.UNION : state.root().initial();
    mustWrite();
    int preference = Element.PREFERENCE_DEFAULT;
    boolean flagged = adopted;
    if (adopted && initial == Initial.MINE) {
      preference = Element.PREFERENCE_MINE;
      flagged = false;
    } else if (adopted && initial == Initial.THEIRS) {
      preference = Element.PREFERENCE_THEIRS;
    }
    long clock = state.tick(dating);
    return new LocalWrite.Pen(state.mint(), clock, preference, flagged, adopted);
  }
}
