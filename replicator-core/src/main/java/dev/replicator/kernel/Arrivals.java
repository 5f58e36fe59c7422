package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * Nothing is held back here: what a look finds is written and told at once, with the number of its
 * group. Only once all of the directory was looked at, and what is gone of an earlier one of its
 * name is deleted, the directory is told again: as closed.
 *
 * One that was elsewhere in the root before is known by its inode. What was known there is expected
 * here, and is not read again. Once it is judged that the old name is gone, so is all below it.
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

  /** Several may begin before anything is written. */
  private long begun;

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

    /** Where it was before, as far as somebody said. */
    final Optional<RelativePath> from;

    /** Whether it was seen to be what was there, and nothing else came there since. */
    boolean recognised;

    /** What was in it there. */
    TreeMap<RelativePath, Materialised> origins = new TreeMap<>();

    boolean listed;
    boolean written;

    Arrival(Group group, Optional<RelativePath> from, long scan, long untilMillis) {
      this.group = group;
      this.from = from;
      this.scan = scan;
      this.untilMillis = untilMillis;
    }

    boolean isFrom(RelativePath path) {
      return recognised && path.isWithin(from.get());
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
   * @param from where it was before, if that is said to have been in the root
   * @param scan which lists all of it
   */
  void begin(RelativePath top, Optional<RelativePath> from, long scan) {
    if (!top.isRoot() && open.size() < state.settings.bounds().groups() && find(top).isEmpty()) {
      begun++;
      long several = state.root().nextNumber() << Byte.SIZE | begun & 0xff;
      long seed = state.root().identity().replica().bits() ^ several;
      Group group = Group.of(top, seed);
      listener.arrived(top, group);
      Optional<RelativePath> apart =
          from.filter(old -> !old.isRoot() && !old.isWithin(top) && !top.isWithin(old));
      open.put(top, new Arrival(group, apart, scan, state.steadyMillis + LOOK_MILLIS_MAX));
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

  /** The arrival of a directory that was at {@code path} or above it before. */
  private Optional<Arrival> findLeft(RelativePath path) {
    return open.values().stream().filter(arrival -> arrival.isFrom(path)).findFirst();
  }

  /** A look found a directory. */
  void came(RelativePath directory, Stamp stamp) {
    leftBehind(directory).ifPresent(left -> left.recognised = false);
    Arrival arrival = open.get(directory);
    if (arrival == null || arrival.from.isEmpty() || arrival.recognised) {
      return;
    }
    RelativePath from = arrival.from.get();
    Optional<Materialised> before =
        state
            .draft
            .materialised(from)
            .filter(was -> was.entry().equals(Entry.DIRECTORY))
            .filter(was -> was.stamp().device() == stamp.device())
            .filter(was -> was.stamp().inode() == stamp.inode());
    if (before.isPresent()) {
      TreeMap<RelativePath, Materialised> there =
          records.presentBelow(from, state.settings.bounds().groupMembers());
      arrival.recognised = there.size() < state.settings.bounds().groupMembers();
      arrival.origins = there;
    }
  }

  /** Whether what was at {@code directory} was seen under another name, and nothing came there. */
  boolean isElsewhere(RelativePath directory) {
    return leftBehind(directory).isPresent();
  }

  private Optional<Arrival> leftBehind(RelativePath directory) {
    return open.values().stream()
        .filter(arrival -> arrival.recognised && arrival.from.get().equals(directory))
        .findFirst();
  }

  /** What {@code path} holds if it came with its directory. */
  Optional<Materialised> origin(RelativePath path) {
    for (Map.Entry<RelativePath, Arrival> each : open.entrySet()) {
      if (path.isWithin(each.getKey()) && !each.getValue().origins.isEmpty()) {
        return path.moved(each.getKey(), each.getValue().from.get())
            .flatMap(before -> Optional.ofNullable(each.getValue().origins.get(before)));
      }
    }
    return Optional.empty();
  }

  /** More than can be remembered are never known to have been looked at: that is no group. */
  void suspected(RelativePath path) {
    find(path)
        .filter(arrival -> arrival.looks.add(path))
        .filter(arrival -> arrival.looks.size() > state.settings.bounds().groupMembers())
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
    return arrival
        .map(found -> found.group)
        .or(() -> findLeft(path).map(left -> left.group.departure(left.from.get())))
        .orElse(Group.NONE);
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
          if (arrival.listed
              && arrival.looks.isEmpty()
              && !deletions.isWaiting(top)
              && !(arrival.recognised && isLeaving(arrival.from.get()))) {
            open.remove(top);
            if (arrival.written) {
              records.close(top, arrival.group, Optional.empty());
            }
          }
        });
  }

  /** Whether more is to be told of what is gone there. */
  private boolean isLeaving(RelativePath from) {
    return deletions.isWaiting(from) || !paths.suspected(from).isEmpty();
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
