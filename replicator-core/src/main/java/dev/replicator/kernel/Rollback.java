package dev.replicator.kernel;

import dev.replicator.model.FormerLife;
import dev.replicator.model.FormerLife.End;
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
import java.util.stream.IntStream;

/*
 * Nothing in a journal from a backup tells that it is one. Each of its peers remembers how far it
 * had come: the writes of its replica, how much of the journal the peer holds, and how much of the
 * peer's journal was acknowledged. A journal that knows less was rolled back, unless the power
 * failed: then it is known that its end is lost, and what was found after it was adopted. But
 * where it knows less than it had synced, or a peer knows of a later journal, it is an old one that
 * the power cut off, or the power took even that birth: what the index says was on the disk may be
 * older than what was replaced there.
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
 * @param adopting replicas after these: they adopted what they found, and of what somebody changed
 *     before their first scan ended they did not know what it came over
 * @param bornMillis of the latest journal of this node that is known of
 */
record Rollback(
    List<FormerLife> unproven,
    SortedSet<ReplicaId> doubtful,
    SortedSet<ReplicaId> adopting,
    long bornMillis) {

  /**
   * What this journal knows of a peer.
   *
   * @param held how far it holds the peer's
   * @param atMost how far the peer can hold it; empty when that is only where it ends
   */
  record Known(Optional<Sequence> held, Optional<Sequence> atMost) {
    private long atMost(FormerLife life) {
      long last = life.nextNumber() - 1;
      return atMost
          .filter(end -> end.journal().equals(life.identity().journal()))
          .map(end -> Math.min(end.number(), last))
          .orElse(last);
    }
  }

  /** Evidence that the journal had come further in a life than it knows. */
  private interface Evidence {
    boolean isAgainst(FormerLife life, Optional<JournalId> next);
  }

  /** What a peer's clock shows. */
  static Optional<Rollback> shownBy(RootState root, VersionVector peerClock) {
    return find(
        root,
        bornMillis(root),
        (life, next) -> life.end() == End.CLAIMED && remembersMore(life, peerClock));
  }

  /** What all shows that a peer remembers of this node. */
  static Optional<Rollback> shownBy(RootState root, Message.Hello hello, Known known) {
    long remembered = hello.holds().map(memory -> memory.journal().bornMillis()).orElse(0L);
    return find(
        root,
        Math.max(bornMillis(root), remembered),
        (life, next) ->
            hello.holds().map(memory -> isBetween(life, next, memory.journal())).orElse(false)
                || hadMore(life, hello, hello.synced(), known.held())
                || (life.end() == End.CLAIMED && isLonger(life, hello, known)));
  }

  /**
   * Whether the power cut off what a peer remembers. That is what the start of an old journal after
   * a crash looks like, too, and then it may show what everybody has forgotten since.
   */
  static boolean isCutOff(RootState root, Message.Hello hello, Known known) {
    return lives(root).stream()
        .anyMatch(life -> life.end() == End.CUT_OFF && isLonger(life, hello, known));
  }

  /** The identities that were not proven yet, and the current one at last. */
  static List<FormerLife> lives(RootState root) {
    List<FormerLife> lives = new ArrayList<>(root.unproven());
    lives.add(living(root));
    return lives;
  }

  /**
   * Whether peers can contradict what {@code writer} took for the whole journal. Each remembers of
   * this node the latest journal that it met: once that is one which is not known here, it may have
   * contradicted the lives before in a session that is not known here either.
   */
  static boolean isContradictable(RootState root, ReplicaId writer) {
    List<FormerLife> lives = lives(root);
    int first = 1;
    for (int place = 0; place < lives.size(); place++) {
      first = lives.get(place).end() == End.CONTRADICTED ? place + 1 : first;
    }
    return lives.stream().skip(first).anyMatch(life -> life.identity().replica().equals(writer));
  }

  /**
   * Lives that the power cut off, of which a peer tells that they ended where this journal says. Of
   * one that came further it is not known what stood on the disk in the end.
   */
  static List<ReplicaId> whole(RootState root, Message.Hello hello, Known known) {
    return lives(root).stream()
        .filter(life -> life.end() == End.CUT_OFF)
        .filter(life ->
            hello.holds().map(Sequence::journal).stream()
                .anyMatch(journal -> journal.compareTo(life.identity().journal()) <= 0))
        .filter(life -> !isLonger(life, hello, known))
        .map(life -> life.identity().replica())
        .toList();
  }

  /** The life that the power cut off just before {@code writer} began. */
  static Optional<ReplicaId> cutOffBefore(RootState root, ReplicaId writer) {
    List<FormerLife> lives = lives(root);
    return IntStream.range(1, lives.size())
        .filter(place -> lives.get(place).identity().replica().equals(writer))
        .mapToObj(place -> lives.get(place - 1))
        .filter(life -> life.end() == End.CUT_OFF)
        .map(life -> life.identity().replica())
        .findFirst();
  }

  static FormerLife living(RootState root) {
    return new FormerLife(root.identity(), root.counter(), root.nextNumber(), End.CLAIMED);
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
      if (life.end() != End.CONTRADICTED && evidence.isAgainst(life, next)) {
        List<FormerLife> unproven = new ArrayList<>(lives.subList(0, place));
        unproven.add(life.withEnd(End.CONTRADICTED));
        return Optional.of(after(lives, place, unproven, bornMillis));
      }
    }
    return Optional.empty();
  }

  private static Rollback after(
      List<FormerLife> lives, int place, List<FormerLife> unproven, long bornMillis) {
    TreeSet<ReplicaId> doubtful = new TreeSet<>();
    TreeSet<ReplicaId> adopting = new TreeSet<>();
    boolean adopted = lives.get(place).end() != End.CLAIMED;
    for (FormerLife life : lives.subList(place + 1, lives.size())) {
      (adopted ? adopting : doubtful).add(life.identity().replica());
      adopted |= life.end() != End.CLAIMED;
    }
    return new Rollback(unproven, doubtful, adopting, bornMillis);
  }

  private static boolean remembersMore(FormerLife life, VersionVector peerClock) {
    return peerClock.counter(life.identity().replica()) > life.counter();
  }

  /** Whether {@code journal} followed the life elsewhere. */
  private static boolean isBetween(FormerLife life, Optional<JournalId> next, JournalId journal) {
    return journal.compareTo(life.identity().journal()) > 0
        && next.map(after -> journal.compareTo(after) < 0).orElse(true);
  }

  /** What {@code hello} remembers of the life is more than the journal knows. */
  private static boolean isLonger(FormerLife life, Message.Hello hello, Known known) {
    JournalId journal = life.identity().journal();
    return remembersMore(life, hello.clock())
        || hello.held(journal).orElse(0) > known.atMost(life)
        || hadMore(life, hello, hello.acknowledged(), known.held());
  }

  /**
   * Whether the life had more of the peer's journal than is held: so the peer was {@code told}. One
   * that was born again may remember what it was told of a former journal of its own.
   */
  private static boolean hadMore(
      FormerLife life, Message.Hello hello, Optional<Sequence> told, Optional<Sequence> held) {
    JournalId journal = life.identity().journal();
    boolean itself = hello.holds().map(memory -> memory.journal().equals(journal)).orElse(false);
    if (!itself || told.isEmpty()) {
      return false;
    }
    int order = held.map(here -> told.get().journal().compareTo(here.journal())).orElse(1);
    long known = order == 0 ? held.map(Sequence::number).orElse(0L) : 0;
    return order >= 0 && told.get().number() > known;
  }
}
