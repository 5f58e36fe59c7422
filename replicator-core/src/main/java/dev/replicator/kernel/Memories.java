package dev.replicator.kernel;

import dev.replicator.model.Identity;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Sequence;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what peers remember of this node, and it of them, with what each journal knows. */
final class Memories {
  private final ReplicaState state;

  /** Lives that the power cut off, and who told since the start that they had not come further. */
  private final TreeMap<ReplicaId, TreeSet<NodeId>> confirmed = new TreeMap<>();

  /** How far the journal had come at the start. */
  private Optional<Sequence> startEnd = Optional.empty();

  Memories(ReplicaState state) {
    this.state = state;
  }

  /*
   * Until all are greeted an old journal is not known to be one, and what some tell is merged. That
   * takes numbers which the others may know of what the journal forgot: they must not look like its
   * own. A peer that it never met since any start holds what it had at the first of these.
   */

  /**
   * Nobody was met since {@code root} was read. Deletions are forgotten without asking whoever is
   * no peer any more: he is asked for all that he has, should he come to be one again.
   *
   * @return who is no peer any more and was one up to now: they cannot be asked what they remember
   *     of this node
   */
  SortedSet<NodeId> start(RootState root) {
    Sequence end = new Sequence(root.identity().journal(), root.nextNumber() - 1);
    startEnd = Optional.of(end);
    TreeSet<NodeId> parted = new TreeSet<>();
    for (Map.Entry<NodeId, PeerProgress> each : new TreeMap<>(state.draft.peers()).entrySet()) {
      PeerProgress progress = each.getValue();
      boolean former = !state.peers.contains(each.getKey());
      if (former && !progress.behind()) {
        parted.add(each.getKey());
      }
      PeerProgress now = progress.notMetSince(end).withBehind(former || progress.behind());
      if (!now.equals(progress)) {
        state.draft.putPeer(each.getKey(), now);
      }
    }
    return parted;
  }

  /**
   * It is no peer any more. What is known of it is kept: what it remembers of this node, should it
   * come back, would else look like what an old journal does not know.
   */
  void part(NodeId peer) {
    Optional.ofNullable(state.draft.peers().get(peer))
        .filter(known -> !known.behind())
        .ifPresent(known -> state.draft.putPeer(peer, known.withBehind(true)));
  }

  private Rollback.Known known(Optional<PeerProgress> before) {
    return new Rollback.Known(
        before.map(PeerProgress::theirs), before.map(PeerProgress::atMost).orElse(startEnd));
  }

  /**
   * As {@link Births#contradiction}, by all that a peer remembers of this node.
   *
   * @param before what is known here of the peer
   */
  Optional<Rollback> contradiction(
      NodeId peer, Message.Hello hello, Optional<PeerProgress> before) {
    return Rollback.shownBy(state.root(), hello, known(before));
  }

  /** Whether a power cut took what the peer remembers: see {@link Rollback#isCutOff}. */
  boolean isCutOff(NodeId peer, Message.Hello hello, Optional<PeerProgress> before) {
    return Rollback.isCutOff(state.root(), hello, known(before));
  }

  /** A peer did not contradict. */
  void told(NodeId peer, Optional<PeerProgress> before, Message.Hello hello) {
    Rollback.whole(state.root(), hello, known(before))
        .forEach(life -> confirmed.computeIfAbsent(life, key -> new TreeSet<>()).add(peer));
  }

  /**
   * Whether what {@code writer} was in doubt of can be settled, as nobody contradicted. What it
   * found gone after a power cut was what its journal knows only if the cut took nothing from that:
   * else another version may have been put there. Everybody has to tell so, by what he remembers of
   * the life that was cut off.
   */
  boolean isCertain(ReplicaId writer) {
    boolean whole =
        Rollback.cutOffBefore(state.root(), writer)
            .map(life -> confirmed.getOrDefault(life, new TreeSet<>()).containsAll(state.peers))
            .orElse(true);
    return whole && Rollback.isContradictable(state.root(), writer);
  }

  /**
   * Whether the peer comes with a journal that it had before the one it is remembered by: it is
   * born again once it reads so in our hello, in this session or a later one. Until then that is
   * not forgotten: nobody else may know of it.
   */
  static boolean isFormer(PeerProgress known, Identity theirs) {
    return known.theirs().journal().compareTo(theirs.journal()) > 0;
  }

  /** Whether the peer's journal holds less than it once had synced: it is none of a power cut. */
  static boolean isBehind(PeerProgress known, Message.Hello hello) {
    return known.synced().anyMatch(synced -> holdsLess(hello, synced));
  }

  private static boolean holdsLess(Message.Hello hello, Sequence synced) {
    // Who names a later journal of ours has forgotten the former one with good reason.
    boolean later =
        hello.holds().map(named -> named.journal().compareTo(synced.journal()) > 0).orElse(false);
    return !later && hello.held(synced.journal()).orElse(0) < synced.number();
  }
}
