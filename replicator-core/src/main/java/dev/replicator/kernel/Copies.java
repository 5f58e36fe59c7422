package dev.replicator.kernel;

import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Sequence;
import java.util.Optional;
import java.util.TreeMap;

/*
 * Who copies a machine with its state directory, and starts the copy, has two nodes that go on with
 * one journal: both write under the same replica id, and so two different writes get one dot.
 * Peers that know the one take the other for known, and what they do not have of it for deleted. A
 * running node learns of it by a peer that holds more of its journal than it was ever sent.
 */

/** Finds out that a copy of this node went on with its journal. */
final class Copies {
  private static final String COPIED =
      " holds changes of this node that it never sent: a copy of this machine went on with its"
          + " journal; stop that one. A new journal begins here, which adopts what is there:"
          + " nothing is deleted by it, and `conflicts list --adopted` names what lost";

  /** By peer: the journal that is told in the session that stands. */
  private final TreeMap<NodeId, JournalId> told = new TreeMap<>();

  /** By peer: how much of a journal it was sent since this node was started. */
  private final TreeMap<NodeId, Sequence> sent = new TreeMap<>();

  void greeted(NodeId peer, JournalId ours) {
    told.put(peer, ours);
  }

  /** A session of this node with {@code peer} ended. */
  void ended(NodeId peer, LivePeer session) {
    long last = Math.max(session.cursor, session.told);
    Optional.ofNullable(told.get(peer))
        .map(ours -> new Sequence(ours, last))
        .ifPresent(now -> sent.merge(peer, now, Copies::further));
  }

  private static Sequence further(Sequence before, Sequence now) {
    return before.journal().equals(now.journal()) && before.number() > now.number() ? before : now;
  }

  /** What is to be done about it when {@code hello} shows one. */
  Optional<Effect> shownBy(NodeId peer, Message.Hello hello) {
    return Optional.ofNullable(sent.get(peer))
        .filter(last -> hello.held(last.journal()).orElse(0) > last.number())
        .map(last -> new Effect.Abandon("peer " + peer + COPIED));
  }
}
