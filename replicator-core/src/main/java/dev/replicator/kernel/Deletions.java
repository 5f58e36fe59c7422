package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/*
 * A file that is not there is the weakest of all evidence: a disk that was not mounted, a
 * restored image or a stray rm look the same as a decision to delete. Absences wait here a
 * moment, so that what belongs together is judged together: those that an event explains go on
 * unless they leave the whole root empty; those that nothing explains go on only while they are
 * few.
 */

/** Judges absences before they become deletions. */
final class Deletions {
  static final int UNEXPLAINED_MAX = 200;
  static final int UNEXPLAINED_PERCENT_MAX = 20;
  static final int EMPTIED_MIN = 3;
  static final long QUIET_MILLIS = 300;
  static final long WAIT_MILLIS_MAX = 2_000;
  static final long EXPLANATION_MILLIS = 1_000;

  /** Those that trickle in are counted together. */
  static final long RECENT_MILLIS = 60_000;

  /** What became of the absences that were judged. */
  record Verdict(List<RelativePath> deleted, int held, String reason) {}

  private final TreeSet<RelativePath> explained = new TreeSet<>();
  private final LinkedHashSet<RelativePath> unexplained = new LinkedHashSet<>();
  private final TreeSet<RelativePath> held = new TreeSet<>();
  private long firstMillis;
  private long lastMillis;
  private long unexplainedAtMillis = Long.MAX_VALUE;
  private boolean checking;
  private boolean scanning;
  private int recent;
  private long recentMillis;
  private boolean approved;

  void explained(RelativePath path, long nowMillis) {
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

  /** It is there after all. */
  void present(RelativePath path) {
    explained.remove(path);
    unexplained.remove(path);
    held.remove(path);
  }

  boolean isHeld(RelativePath path) {
    return held.contains(path);
  }

  boolean isWaiting() {
    return !explained.isEmpty() || !unexplained.isEmpty();
  }

  int heldCount() {
    return held.size();
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
    explained.clear();
    unexplained.clear();
    unexplainedAtMillis = Long.MAX_VALUE;
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
    int absent = explained.size() + unexplained.size() + held.size();
    boolean emptied = empty && absent >= EMPTIED_MIN && !approved;
    List<RelativePath> deleted = new ArrayList<>();
    String reason = "";
    int before = held.size();
    if (emptied) {
      held.addAll(explained);
      held.addAll(unexplained);
      reason = "the root is empty";
    } else {
      deleted.addAll(explained);
      if (unexplainedDue) {
        long allowed = Math.max(UNEXPLAINED_MAX, present * UNEXPLAINED_PERCENT_MAX / 100);
        if (approved || unexplained.size() + held.size() + recent <= allowed) {
          deleted.addAll(unexplained);
          recent += unexplained.size();
          recentMillis = nowMillis;
        } else {
          reason = "entries are gone and no event explains it";
          held.addAll(unexplained);
        }
      }
    }
    explained.clear();
    if (emptied || unexplainedDue) {
      unexplained.clear();
      unexplainedAtMillis = Long.MAX_VALUE;
    }
    return new Verdict(deepestFirst(deleted), held.size() - before, reason);
  }

  /** The administrator wants them: everything held, and whatever is found absent until the end. */
  List<RelativePath> approve() {
    approved = true;
    List<RelativePath> released = deepestFirst(held);
    held.clear();
    return released;
  }

  /** What was approved has been judged. */
  void endApproval() {
    approved = false;
  }

  /** Children before their directories. */
  static List<RelativePath> deepestFirst(Collection<RelativePath> paths) {
    NavigableSet<RelativePath> sorted = new TreeSet<>(paths);
    return List.copyOf(sorted.descendingSet());
  }
}
