package dev.replicator.kernel;

import dev.replicator.model.Group;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * Nothing is held back here: what a look finds is written and told at once, with the number of its
 * group. Only once all of the directory was looked at, and what is gone of an earlier one of its
 * name is deleted, the directory is told again: as closed.
 */

/** Directories that came under their names as a whole, while they are looked through. */
final class Arrivals {
  static final long LOOK_MILLIS_MAX = 30_000;

  private final ReplicaState state;
  private final Paths paths;
  private final Records records;
  private final Deletions deletions;
  private final Listener listener;
  private final TreeMap<RelativePath, Arrival> open = new TreeMap<>();

  /** Takes what arrives here. */
  interface Listener {
    void arrived(RelativePath top, Group group);
  }

  /** One directory. */
  private static final class Arrival {
    final Group group;
    final long scan;
    final long untilMillis;

    /** Paths that were found to differ and are still to be looked at. */
    final TreeSet<RelativePath> looks = new TreeSet<>();

    boolean listed;
    boolean written;

    Arrival(Group group, long scan, long untilMillis) {
      this.group = group;
      this.scan = scan;
      this.untilMillis = untilMillis;
    }
  }

  Arrivals(
      ReplicaState state, Paths paths, Records records, Deletions deletions, Listener listener) {
    this.deletions = deletions;
    this.listener = listener;
    this.state = state;
    this.paths = paths;
    this.records = records;
  }

  /**
   * A directory arrived, unless another one with it.
   *
   * @param scan which lists all of it
   */
  void begin(RelativePath top, long scan) {
    if (!top.isRoot() && open.size() < Limits.GROUPS_MAX && find(top).isEmpty()) {
      long seed = state.root().identity().replica().bits() ^ state.root().nextNumber();
      Group group = Group.of(top, seed);
      listener.arrived(top, group);
      open.put(top, new Arrival(group, scan, state.steadyMillis + LOOK_MILLIS_MAX));
    }
  }

  private Optional<Arrival> find(RelativePath path) {
    if (open.isEmpty()) {
      return Optional.empty();
    }
    for (Map.Entry<RelativePath, Arrival> arrival : open.entrySet()) {
      if (path.isWithin(arrival.getKey())) {
        return Optional.of(arrival.getValue());
      }
    }
    return Optional.empty();
  }

  /** More than can be remembered are never known to have been looked at: that is no group. */
  void suspected(RelativePath path) {
    find(path)
        .filter(arrival -> arrival.looks.add(path))
        .filter(arrival -> arrival.looks.size() > Limits.GROUP_MEMBERS_MAX)
        .ifPresent(open.values()::remove);
  }

  void looked(RelativePath path) {
    find(path)
        .filter(arrival -> !paths.isSuspect(path))
        .ifPresent(arrival -> arrival.looks.remove(path));
  }

  /** All that a scan found was told. */
  void listed(long scan) {
    open.values().stream()
        .filter(arrival -> arrival.scan == scan)
        .forEach(arrival -> arrival.listed = true);
  }

  /** The group of what is about to be written at {@code path}. */
  Group groupOf(RelativePath path) {
    Optional<Arrival> arrival = find(path);
    arrival.ifPresent(found -> found.written = true);
    return arrival.map(found -> found.group).orElse(Group.NONE);
  }

  /**
   * Closes those that were looked through. Those that take too long are left open: nobody knows
   * that they are whole, and the peers let them go by themselves.
   */
  void closeWhenDue() {
    if (open.isEmpty()) {
      return;
    }
    open.values().removeIf(arrival -> state.steadyMillis >= arrival.untilMillis);
    new TreeMap<>(open)
        .forEach((top, arrival) -> {
          if (arrival.listed && arrival.looks.isEmpty() && !deletions.isWaiting(top)) {
            open.remove(top);
            if (arrival.written) {
              records.close(top, arrival.group, Optional.empty());
            }
          }
        });
  }

  long wakeAtMillis() {
    if (open.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return open.values().stream()
        .mapToLong(arrival -> arrival.untilMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
