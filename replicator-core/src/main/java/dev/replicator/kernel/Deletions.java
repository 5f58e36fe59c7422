package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/*
 * A file that is not there is the weakest of all evidence: a disk that was not mounted, a
 * restored image or a stray rm look the same as a decision to delete. Absences wait here a
 * moment, so that what belongs together is judged together: those that an event explains go on
 * unless they leave the whole root empty; those that nothing explains go on only while they are
 * few. Once some are held, those that follow without an event wait with them, however few; a
 * restart finds the held ones again by its scan, and believes no event before that scan ended.
 */

/** Judges absences before they become deletions. */
final class Deletions {
  static final int UNEXPLAINED_MAX = 200;
  static final int UNEXPLAINED_PERCENT_MAX = 20;

  /** Fewer than these may leave the root empty, when events tell of each. */
  static final int EMPTIED_MIN = 3;

  static final long QUIET_MILLIS = 300;
  static final long WAIT_MILLIS_MAX = 2_000;
  static final long EXPLANATION_MILLIS = 1_000;

  /** Those that trickle in are counted together. */
  static final long RECENT_MILLIS = 60_000;

  /** What an approval covers: a burst that is just being judged goes on whole. */
  static final long APPROVAL_MILLIS = WAIT_MILLIS_MAX + QUIET_MILLIS;

  /** As long as a scan looks for what is held, and at most so long. */
  static final long APPROVAL_OF_SCAN_MILLIS_MAX = 3_600_000;

  private static final String EMPTY = "the root is empty";

  /** What became of the absences that were judged. */
  record Verdict(List<RelativePath> deleted, int held, String reason) {}

  private final TreeSet<RelativePath> explained = new TreeSet<>();
  private final TreeSet<RelativePath> unexplained = new TreeSet<>();
  private final TreeSet<RelativePath> held = new TreeSet<>();
  private long firstMillis;
  private long lastMillis;
  private long unexplainedAtMillis = Long.MAX_VALUE;
  private boolean checking;
  private boolean scanning;
  private int recent;
  private long recentMillis;
  private boolean holding;
  private boolean rediscovering;
  private boolean unreadable;
  private long approvedUntilMillis = Long.MIN_VALUE;

  /** Raised whenever another path is held, or one no longer. */
  private long heldVersion;

  /** A hold stands since before the start: a scan is to find again what it holds. */
  void resume() {
    holding = true;
    rediscovering = true;
  }

  void explained(RelativePath path, long nowMillis) {
    if (rediscovering) {
      unexplained(path, nowMillis);
      return;
    }
    unexplained.remove(path);
    if (held.contains(path)) {
      return;
    }
    if (explained.isEmpty()) {
      firstMillis = nowMillis;
    }
    if (explained.add(path)) {
      lastMillis = nowMillis;
    }
  }

  /** Waits for an event to explain it, at most until a moment after {@code nowMillis}. */
  void unexplained(RelativePath path, long nowMillis) {
    if (!explained.contains(path) && !held.contains(path) && unexplained.add(path)) {
      unexplainedAtMillis = Math.min(unexplainedAtMillis, nowMillis + EXPLANATION_MILLIS);
    }
  }

  /** It is there after all; whether it was taken for absent. */
  boolean present(RelativePath path) {
    boolean explainedBefore = explained.remove(path);
    boolean unexplainedBefore = unexplained.remove(path);
    boolean heldBefore = held.remove(path);
    heldVersion += heldBefore ? 1 : 0;
    return heldBefore || explainedBefore || unexplainedBefore;
  }

  /** The first of those at or below {@code scope} that were seen to be absent. */
  List<RelativePath> within(RelativePath scope, int limit) {
    return Stream.of(explained, unexplained, held)
        .flatMap(absent -> within(scope, absent))
        .limit(limit)
        .toList();
  }

  private static Stream<RelativePath> within(RelativePath scope, TreeSet<RelativePath> absent) {
    if (absent.isEmpty() || scope.isRoot()) {
      return absent.stream();
    }
    Stream<RelativePath> itself = absent.contains(scope) ? Stream.of(scope) : Stream.empty();
    if (!Records.mayHoldMore(scope)) {
      return itself;
    }
    return Stream.concat(
        itself,
        absent.tailSet(scope.child(Records.FIRST_NAME)).stream()
            .takeWhile(path -> path.isWithin(scope)));
  }

  /** Those that follow {@code path}, in their order. */
  List<RelativePath> after(RelativePath path, int limit) {
    return Stream.of(explained, unexplained, held)
        .flatMap(absent -> absent.tailSet(path, false).stream().limit(limit))
        .sorted()
        .limit(limit)
        .toList();
  }

  boolean isExplained(RelativePath path) {
    return explained.contains(path);
  }

  boolean isHeld(RelativePath path) {
    return held.contains(path);
  }

  boolean isWaiting() {
    return !explained.isEmpty() || !unexplained.isEmpty();
  }

  boolean isToBeJudged(RelativePath path) {
    return explained.contains(path) || unexplained.contains(path);
  }

  Absence absence(RelativePath path) {
    if (isHeld(path)) {
      return Absence.HELD;
    }
    return isToBeJudged(path) ? Absence.TO_BE_JUDGED : Absence.NONE;
  }

  /** Whether one at or below {@code scope} is still to be judged. */
  boolean isWaiting(RelativePath scope) {
    return isWaiting()
        && Stream.of(explained, unexplained)
            .anyMatch(absent -> within(scope, absent).findFirst().isPresent());
  }

  /** Whether one at or below {@code scope} is held, or may be and is not found again yet. */
  boolean isHolding(RelativePath scope) {
    return holding && (rediscovering || within(scope, held).findFirst().isPresent());
  }

  SortedSet<RelativePath> held() {
    return Collections.unmodifiableSortedSet(held);
  }

  int heldCount() {
    return held.size();
  }

  /** Whether a scan has still to find again what was held before the start. */
  boolean isRediscovering() {
    return rediscovering;
  }

  long heldVersion() {
    return heldVersion;
  }

  long wakeAtMillis() {
    if (checking) {
      return Long.MAX_VALUE;
    }
    long explainedAt =
        explained.isEmpty()
            ? Long.MAX_VALUE
            : Math.min(lastMillis + QUIET_MILLIS, firstMillis + WAIT_MILLIS_MAX);
    boolean judgeable = !unexplained.isEmpty() && !scanning;
    return Math.min(explainedAt, judgeable ? unexplainedAtMillis : Long.MAX_VALUE);
  }

  /** While a scan goes on nobody knows how many are gone: those without events wait for its end. */
  void scanning(boolean goesOn) {
    scanning = goesOn;
  }

  /** Whether it is time to look at the root and judge; then {@link #judge} must follow. */
  boolean beginCheck(long nowMillis) {
    boolean due = !checking && wakeAtMillis() <= nowMillis;
    checking = checking || due;
    return due;
  }

  /** The root could not be vouched for: nothing is believed. */
  void distrust() {
    checking = false;
    rediscovering = rediscovering || holding;
    explained.clear();
    unexplained.clear();
    unexplainedAtMillis = Long.MAX_VALUE;
  }

  /** What is held may be in a directory that cannot be read. */
  void unreadable() {
    unreadable = true;
  }

  /**
   * A scan of the whole root was taken in, and every absence that it found was judged.
   *
   * @return whether all that is held is known now: false when some of it may be where the scan
   *     could not read
   */
  boolean rediscovered(long nowMillis) {
    approvedUntilMillis = Math.min(approvedUntilMillis, nowMillis + APPROVAL_MILLIS);
    rediscovering = holding && unreadable;
    unreadable = false;
    return !rediscovering;
  }

  boolean isHolding() {
    return holding;
  }

  /** Ends the hold when all that it held is there again; tells whether it did. */
  boolean endHold() {
    boolean ends = holding && !rediscovering && held.isEmpty() && unexplained.isEmpty();
    holding = holding && !ends;
    return ends;
  }

  /**
   * @param empty whether the root holds nothing at all
   * @param present how many paths the index believes to be there
   */
  Verdict judge(boolean empty, long present, long nowMillis) {
    checking = false;
    boolean unexplainedDue = unexplainedAtMillis <= nowMillis && !scanning;
    if (nowMillis - recentMillis > RECENT_MILLIS) {
      recent = 0;
    }
    boolean approved = nowMillis <= approvedUntilMillis;
    int absent = explained.size() + unexplained.size() + held.size();
    boolean emptied = empty && absent >= EMPTIED_MIN && !approved;
    List<RelativePath> deleted = new ArrayList<>();
    String reason = "";
    int before = held.size();
    if (emptied) {
      held.addAll(explained);
      held.addAll(unexplained);
      reason = EMPTY;
    } else {
      deleted.addAll(explained);
      if (unexplainedDue) {
        long allowed = Math.max(UNEXPLAINED_MAX, present * UNEXPLAINED_PERCENT_MAX / 100);
        boolean few = unexplained.size() + held.size() + recent <= allowed;
        if (approved || (few && !empty && !holding)) {
          deleted.addAll(unexplained);
          recent += unexplained.size();
          recentMillis = nowMillis;
        } else {
          reason = empty ? EMPTY : "entries are gone and no event explains it";
          held.addAll(unexplained);
        }
      }
    }
    holding = holding || !held.isEmpty();
    heldVersion += held.size() > before ? 1 : 0;
    explained.clear();
    if (emptied || unexplainedDue) {
      unexplained.clear();
      unexplainedAtMillis = Long.MAX_VALUE;
    }
    return new Verdict(deepestFirst(deleted), held.size() - before, reason);
  }

  /**
   * The administrator wants them: everything held, and whatever belongs to it and is found absent
   * in a moment, or by the scan that looks for it.
   */
  List<RelativePath> approve(long nowMillis) {
    rediscovering = rediscovering && scanning;
    approvedUntilMillis =
        nowMillis + (rediscovering ? APPROVAL_OF_SCAN_MILLIS_MAX : APPROVAL_MILLIS);
    holding = false;
    List<RelativePath> released = deepestFirst(held);
    held.clear();
    heldVersion++;
    return released;
  }

  /** Children before their directories. */
  static List<RelativePath> deepestFirst(Collection<RelativePath> paths) {
    NavigableSet<RelativePath> sorted = new TreeSet<>(paths);
    return List.copyOf(sorted.descendingSet());
  }
}
