package dev.replicator.kernel;

import dev.replicator.model.FormerLife;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/*
 * Nothing in a journal from a backup tells that it is one. Each of its peers remembers how far it
 * had come: the writes of its replica, how much of the journal the peer holds, and how much of the
 * peer's journal was acknowledged. A journal that knows less was rolled back, unless the power
 * failed: then it is known that its end is lost, and what was found after it was adopted.
 *
 * The journal that a peer remembers may be one that this node does not know: it was born after the
 * image was taken. One that was born earlier is no evidence, for the peer may have been away.
 */

/**
 * A journal turned out to be older than its peers remember.
 *
 * @param unproven lives of it that no peer contradicted yet, and the one that had come further than
 *     it knows
 * @param doubtful replicas that wrote after that one on what they took for the whole journal
 * @param bornMillis of the latest journal of this node that is known of
 */
record Rollback(List<FormerLife> unproven, SortedSet<ReplicaId> doubtful, long bornMillis) {

  /** Evidence that the journal had come further in a life than it knows. */
  private interface Evidence {
    boolean isAgainst(FormerLife life, Optional<JournalId> next);
  }

  /** What a peer's clock shows. */
  static Optional<Rollback> shownBy(RootState root, VersionVector peerClock) {
    return find(root, bornMillis(root), (life, next) -> remembersMore(life, peerClock));
  }

  /**
   * What all shows that a peer remembers of this node.
   *
   * @param held how far our journal holds the peer's
   */
  static Optional<Rollback> shownBy(RootState root, Message.Hello hello, Optional<Sequence> held) {
    long remembered = hello.holds().map(memory -> memory.journal().bornMillis()).orElse(0L);
    return find(
        root,
        Math.max(bornMillis(root), remembered),
        (life, next) ->
            remembersMore(life, hello.clock())
                || hello.holds().map(memory -> isAhead(life, next, memory)).orElse(false)
                || hasAcknowledgedMore(life, hello, held));
  }

  /** The identities that were not proven yet, and the current one at last. */
  static List<FormerLife> lives(RootState root) {
    List<FormerLife> lives = new ArrayList<>(root.unproven());
    lives.add(living(root));
    return lives;
  }

  static FormerLife living(RootState root) {
    return new FormerLife(root.identity(), root.counter(), root.nextNumber(), false);
  }

  private static long bornMillis(RootState root) {
    return root.identity().journal().bornMillis();
  }

  private static Optional<Rollback> find(RootState root, long bornMillis, Evidence evidence) {
    List<FormerLife> lives = lives(root);
    for (int place = 0; place < lives.size(); place++) {
      FormerLife life = lives.get(place);
      Optional<JournalId> next =
          lives.stream().skip(place + 1).findFirst().map(after -> after.identity().journal());
      if (!life.lost() && evidence.isAgainst(life, next)) {
        List<FormerLife> unproven = new ArrayList<>(lives.subList(0, place));
        unproven.add(life.asLost());
        return Optional.of(new Rollback(unproven, writersAfter(lives, place), bornMillis));
      }
    }
    return Optional.empty();
  }

  /** Until the next birth that adopted what it found. */
  private static SortedSet<ReplicaId> writersAfter(List<FormerLife> lives, int place) {
    TreeSet<ReplicaId> writers = new TreeSet<>();
    for (FormerLife life : lives.subList(place + 1, lives.size())) {
      writers.add(life.identity().replica());
      if (life.lost()) {
        break;
      }
    }
    return writers;
  }

  private static boolean remembersMore(FormerLife life, VersionVector peerClock) {
    return peerClock.counter(life.identity().replica()) > life.counter();
  }

  /** Memory of changes after the life's last one, or of a journal that followed it elsewhere. */
  private static boolean isAhead(FormerLife life, Optional<JournalId> next, Sequence memory) {
    JournalId journal = life.identity().journal();
    if (memory.journal().equals(journal)) {
      return memory.number() >= life.nextNumber();
    }
    return memory.journal().compareTo(journal) > 0
        && next.map(after -> memory.journal().compareTo(after) < 0).orElse(true);
  }

  /** A peer that was born again may remember what it was told of a former journal of its own. */
  private static boolean hasAcknowledgedMore(
      FormerLife life, Message.Hello hello, Optional<Sequence> held) {
    JournalId journal = life.identity().journal();
    boolean told = hello.holds().map(memory -> memory.journal().equals(journal)).orElse(false);
    if (!told || hello.acknowledged().isEmpty()) {
      return false;
    }
    Sequence acknowledged = hello.acknowledged().get();
    int order = held.map(here -> acknowledged.journal().compareTo(here.journal())).orElse(1);
    long known = order == 0 ? held.map(Sequence::number).orElse(0L) : 0;
    return order >= 0 && acknowledged.number() > known;
  }
}
