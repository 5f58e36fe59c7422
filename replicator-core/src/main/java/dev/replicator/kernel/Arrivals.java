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
import java.util.stream.Stream;

/*
 * Nothing is held back here: what a look finds is written and told at once, with the number of its
 * group. Only once all of the directory was looked at, and what is gone of an earlier one of its
 * name is deleted, the directory is told again: as closed.
 *
 * One that was elsewhere in the root before is known by its inode. What was known there is expected
 * here, and is not read again. Once it is judged that the old name is gone, so is all below it.
 *
 * So is a large file that was renamed, by its stamp: a group of one path, told as such only when it
 * was recognised. What is left behind is the last that is told of it. Its ctime is another one, and
 * what that might have told is found by the look that reads it afterwards.
 */

/** Directories that came under their names as a whole, and large files that were renamed. */
final class Arrivals {
  static final long LOOK_MILLIS_MAX = 30_000;
  private static final long NO_SCAN = -1;

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
    void arrived(Group group);
  }

  /** One directory or file. */
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

    /** Whether it is a file. */
    boolean single;

    /** Whether that was told which it left behind. */
    boolean left;

    Arrival(Group group, Optional<RelativePath> from, long scan, long untilMillis) {
      this.group = group;
      this.from = from;
      this.scan = scan;
      this.untilMillis = untilMillis;
    }

    boolean isFrom(RelativePath path) {
      return recognised && path.isWithin(from.get());
    }

    /** The group of what is told to be gone where it was. */
    Group leave() {
      left = true;
      return group.departure(from.get());
    }

    /** Whether more is to be told than was. */
    boolean isToBeClosed() {
      return written && !(single && left);
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
    if (mayBegin(top)) {
      Optional<RelativePath> apart =
          from.filter(old -> !old.isRoot() && !old.isWithin(top) && !top.isWithin(old));
      open(top, apart, scan);
    }
  }

  private boolean mayBegin(RelativePath top) {
    return !top.isRoot() && open.size() < state.settings.bounds().groups() && find(top).isEmpty();
  }

  private Arrival open(RelativePath top, Optional<RelativePath> from, long scan) {
    begun++;
    long several = state.root().nextNumber() << Byte.SIZE | begun & 0xff;
    long seed = state.root().identity().replica().bits() ^ several;
    Group group = Group.of(top, seed);
    listener.arrived(group);
    Arrival arrival = new Arrival(group, from, scan, state.steadyMillis + LOOK_MILLIS_MAX);
    open.put(top, arrival);
    return arrival;
  }

  /**
   * A file is said to have been at {@code from} before.
   *
   * @return whether it is to be expected at {@code path} for that: a large one with one name that
   *     nothing else was at
   */
  boolean beginFile(RelativePath path, RelativePath from) {
    Optional<Materialised> before = present(from).filter(this::mayBeRenamed);
    boolean begins =
        mayBegin(path)
            && before.isPresent()
            && find(from).isEmpty()
            && present(path).isEmpty()
            && !paths.isBusy(path);
    if (begins) {
      Arrival arrival = open(path, Optional.of(from), NO_SCAN);
      arrival.single = true;
      arrival.listed = true;
      arrival.origins.put(from, before.get());
    }
    return begins;
  }

  private Optional<Materialised> present(RelativePath path) {
    return state.draft.materialised(path).filter(there -> there.entry().isPresent());
  }

  private boolean mayBeRenamed(Materialised there) {
    return state.settings.bounds().isLarge(there.entry()) && !Draft.isLinked(there);
  }

  private Optional<Arrival> find(RelativePath path) {
    return around(path).findFirst().map(Map.Entry::getValue);
  }

  /** Those of which {@code path} is a part, the outermost first: one may come around another. */
  private Stream<Map.Entry<RelativePath, Arrival>> around(RelativePath path) {
    return open.isEmpty()
        ? Stream.empty()
        : open.entrySet().stream().filter(arrival -> path.isWithin(arrival.getKey()));
  }

  /** The arrival of a directory that was at {@code path} or above it before. */
  private Optional<Arrival> findLeft(RelativePath path) {
    return open.values().stream().filter(arrival -> arrival.isFrom(path)).findFirst();
  }

  /** A look found something that is no directory; it comes before that is written. */
  void cameAlone(RelativePath path, Stamp stamp) {
    leftBehind(path).filter(left -> left.single).ifPresent(left -> left.recognised = false);
    Arrival arrival = open.get(path);
    if (arrival != null && arrival.single && !arrival.written) {
      RelativePath from = arrival.from.get();
      arrival.recognised =
          state
              .draft
              .materialised(from)
              .filter(was -> was.entry() instanceof Entry.File)
              .filter(was -> was.stamp().equalsExceptCtime(stamp))
              .isPresent();
    }
  }

  /** Whether a file is to be looked for at {@code path} that was elsewhere before. */
  boolean isAwaited(RelativePath path) {
    Arrival arrival = open.get(path);
    return arrival != null && arrival.single;
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
    around(path)
        .filter(arrival -> arrival.getValue().looks.add(path))
        .filter(arrival -> arrival.getValue().looks.size() > state.settings.bounds().groupMembers())
        .map(Map.Entry::getKey)
        .toList()
        .forEach(open::remove);
  }

  void looked(RelativePath path) {
    if (!paths.isSuspect(path)) {
      around(path).forEach(arrival -> arrival.getValue().looks.remove(path));
    }
  }

  /** All that a scan found was told. */
  void listed(long scan) {
    open.values().stream()
        .filter(arrival -> arrival.scan == scan)
        .forEach(arrival -> arrival.listed = true);
  }

  /** The group of what is about to be written at {@code path}. */
  Group groupOf(RelativePath path) {
    Optional<Arrival> arrival = find(path).filter(found -> !found.single || found.recognised);
    arrival.ifPresent(found -> found.written = true);
    return arrival
        .map(found -> found.group)
        .or(() -> findLeft(path).map(Arrival::leave))
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
            if (arrival.isToBeClosed()) {
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
