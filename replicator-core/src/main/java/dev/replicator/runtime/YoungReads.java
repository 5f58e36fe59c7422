package dev.replicator.runtime;

import dev.replicator.model.Entry;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Journal;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;

/*
 * File systems tell the time in ticks: of up to 10 ms before Linux 6.13, which tells a finer one
 * once somebody looked. Who writes twice within a tick, and as much each time, leaves the stamp
 * that the file had when it was read in between. So a file that was read so soon after it had
 * changed is not believed to be as it was because its stamp is: it is read again when somebody
 * tells of it, when a scan comes by, and when something else takes its place.
 */

/** Stamps with which files were read while their clock had not gone on. Thread-safe. */
public final class YoungReads {
  /** What nobody tells of again stays until so many others came. */
  static final int STAMPS_MAX = 16_384;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int PAGE = 1_024;

  /** Among more than so many the root opens without looking for those that could not be read. */
  private static final int PAGES_MAX = 100;

  /** Why a file could not be read. */
  private static final Set<Problem.Kind> UNREAD =
      EnumSet.of(Problem.Kind.PERMISSION, Problem.Kind.INPUT_OUTPUT, Problem.Kind.BUSY);

  private final LinkedHashSet<Stamp> stamps = new LinkedHashSet<>();

  /** Those of them with which files were read within a write that may have gone on. */
  private final HashSet<Stamp> withinWrites = new HashSet<>();

  /** None of them makes room for others; no more than changes were under way when this began. */
  private final HashSet<Stamp> doubted = new HashSet<>();

  /**
   * A file was read, and had {@code stamp} before and after.
   *
   * @param beganMillis the time of the machine when that began
   */
  public synchronized void read(Stamp stamp, long beganMillis) {
    stamps.remove(stamp);
    withinWrites.remove(stamp);
    doubted.remove(stamp);
    // A ctime that is still to come is of a clock that was set back since.
    boolean toCome = stamp.ctimeNanos() / NANOS_PER_MILLI >= beganMillis + Stamp.YOUNG_MILLIS;
    boolean young = beganMillis < stamp.youngUntilMillis() && !toCome;
    if (young && stamp.ctimeNanos() != 0) {
      add(stamp);
    }
  }

  /**
   * A file was put, and has {@code stamp}. A write in the tick of that leaves the stamp as it is
   * only where the file had been written to in the same tick: where a file system tells whole
   * seconds.
   */
  public synchronized void placed(Stamp stamp) {
    if (stamp.mtimeNanos() == stamp.ctimeNanos() && stamp.ctimeNanos() != 0) {
      add(stamp);
    }
  }

  /** Nobody knows any more how long after its change a file was read with {@code stamp}. */
  public synchronized void doubt(Stamp stamp) {
    doubted.add(stamp);
  }

  /** What was told to have changed and could not be read holds no checkpoint back. */
  public void doubtUnread(Journal journal) {
    SortedMap<RelativePath, Pending> page = journal.pendingAfter(RelativePath.ROOT, PAGE);
    for (int pages = 0; pages < PAGES_MAX && !page.isEmpty(); pages++) {
      page.forEach((path, pending) -> {
        if (UNREAD.contains(pending.problem().kind())) {
          journal
              .materialised(path)
              .filter(was -> was.entry() instanceof Entry.File)
              .ifPresent(was -> doubt(was.stamp()));
        }
      });
      page = journal.pendingAfter(page.lastKey(), PAGE);
    }
  }

  /** A file was read with {@code stamp} while somebody may have been writing to it. */
  synchronized void readWithinWrite(Stamp stamp) {
    withinWrites.add(stamp);
    add(stamp);
  }

  synchronized boolean isWithinWrite(Stamp stamp) {
    return withinWrites.contains(stamp);
  }

  private void add(Stamp stamp) {
    stamps.add(stamp);
    if (stamps.size() > STAMPS_MAX) {
      withinWrites.remove(stamps.removeFirst());
    }
  }

  /**
   * Owner, mode or times were put on a file that was expected with {@code before}, and gave it the
   * stamp {@code after}: its content was not read again.
   */
  public synchronized void put(Stamp before, Stamp after) {
    if (stamps.remove(before)) {
      add(after);
    }
    if (withinWrites.remove(before)) {
      withinWrites.add(after);
    }
    if (doubted.remove(before)) {
      doubted.add(after);
    }
  }

  /** Whether a file that has {@code stamp} may have been written to since it was read with it. */
  public synchronized boolean has(Stamp stamp) {
    return stamps.contains(stamp) || doubted.contains(stamp);
  }
}
