package dev.replicator.linux;

import dev.replicator.linux.WatchTree.Directory;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * A watch belongs to a directory on disk and not to its name, and events are late: when one is
 * read, its names may mean other directories already. So
 *
 * - a directory is opened by its name in its opened parent, watched by that descriptor, and the
 *   number that the kernel gives tells which directory it is: one that has a watch gets the same
 *   number again. What is on disk now wins over what the events led us to think;
 * - a known directory that is not where we think has moved, and the event of that move is still
 *   in the queue. Until the queue was empty once, a moved directory is walked again and not only
 *   renamed, because something below it could not be reached meanwhile;
 * - the last event about a name comes when nothing happens to that name any more, and what it
 *   finds there then stays.
 *
 * Between watching and listing nothing is lost: what appears after the watch has an event, what
 * was there before is listed.
 */

/** Keeps one watch on every directory of a tree while directories come, move and go. */
final class InotifyWatches {
  /** Deeper than this below a walk's start, descriptors are not all held open. */
  private static final int HELD_MAX = 100;

  private final WatchPaths paths;
  private final InotifyQueue queue;
  private final Clock clock;
  private final Duration halfMove;
  private final int directoriesMax;
  private final BooleanSupplier closed;
  private final WatchBlind blind = new WatchBlind();
  private final WatchTree tree;
  private final Map<Integer, Moving> moving = new LinkedHashMap<>();
  private boolean astray;
  private boolean tangled;
  private int walks;
  private long allowed;

  /** A directory of which the first half of a move was read. */
  private record Moving(Directory directory, long deadlineNanos) {}

  InotifyWatches(
      WatchPaths paths,
      InotifyQueue queue,
      Clock clock,
      Duration halfMove,
      int directoriesMax,
      BooleanSupplier closed)
      throws IOException {
    this.paths = paths;
    this.queue = queue;
    this.clock = clock;
    this.halfMove = halfMove;
    this.directoriesMax = directoriesMax;
    this.closed = closed;
    int watch = queue.watchRoot(paths.root());
    if (watch == -WatchCalls.ENOSPC) {
      throw new IOException(WatchLimits.noWatch(WatchLimits.watches(), 1));
    }
    this.tree = new WatchTree(WatchCalls.orThrow(watch, "cannot watch the root"));
  }

  WatchTree tree() {
    return tree;
  }

  WatchBlind blind() {
    return blind;
  }

  /**
   * Goes through the whole tree: watches what is there, and forgets what is not. Whoever cannot
   * even open the root forgets nothing, and has seen nothing: another watcher is to begin anew.
   */
  void walkAll() throws IOException {
    moving.clear();
    walks++;
    allowed = WatchLimits.watches();
    int opened = WatchCalls.orThrow(open(tree.root()), "cannot look at the root");
    walk(tree.root(), opened);
    if (!closed.getAsBoolean()) {
      tree.unseen(walks).forEach(this::forget);
    }
    tangled = false;
  }

  /** Whether names may be wrong in a way that only {@link #walkAll} puts right. */
  boolean isTangled() {
    return tangled;
  }

  private boolean isToStop() {
    // Only the first walk is ever stopped for its size: then there will be no second.
    return closed.getAsBoolean() || (walks == 1 && tree.size() > directoriesMax);
  }

  private void walk(Directory top) {
    ArrayDeque<Directory> deep = new ArrayDeque<>();
    deep.add(top);
    while (!deep.isEmpty() && !isToStop()) {
      Directory next = deep.remove();
      int opened = open(next);
      if (opened >= 0) {
        walk(next, opened, 0, deep);
        WatchCalls.close(opened);
      } else if (!isAway(-opened)) {
        tree.path(next).ifPresent(path -> blind.add(path, -opened));
      }
    }
  }

  /** The same of one that is open, and closes it. */
  private void walk(Directory top, int opened) {
    ArrayDeque<Directory> deep = new ArrayDeque<>();
    walk(top, opened, 0, deep);
    WatchCalls.close(opened);
    deep.forEach(this::walk);
  }

  private void walk(Directory directory, int opened, int level, ArrayDeque<Directory> deep) {
    WatchPaths.Listing listing = paths.directories(opened);
    if (listing.error() != 0) {
      tree.path(directory).ifPresent(path -> blind.add(path, listing.error()));
    }
    for (byte[] name : listing.directories()) {
      if (isToStop()) {
        return;
      }
      if (directory == tree.root() && WatchHints.isOwn(name)) {
        continue;
      }
      int child = paths.open(opened, name, WatchPaths.FOR_LISTING);
      if (child < 0) {
        refused(directory, name, -child);
        continue;
      }
      Optional<Directory> placed = place(directory, name, child);
      if (placed.isPresent() && level < HELD_MAX) {
        walk(placed.get(), child, level + 1, deep);
      } else {
        placed.ifPresent(deep::add);
      }
      WatchCalls.close(child);
    }
  }

  /** Opens a known directory where it is thought to be; negative when it is not there, or why. */
  private int open(Directory directory) {
    Optional<RelativePath> path = tree.path(directory);
    if (path.isEmpty()) {
      astray = true;
      return -WatchCalls.ENOENT;
    }
    int opened = paths.open(path.get(), WatchPaths.FOR_LISTING);
    if (opened < 0) {
      astray = true;
      return opened;
    }
    int watch = directory == tree.root() ? queue.watchRoot(opened) : queue.watch(opened);
    if (watch == directory.watch) {
      return opened;
    }
    if (watch >= 0 && tree.directory(watch).isEmpty()) {
      queue.unwatch(watch);
    }
    astray = true;
    WatchCalls.close(opened);
    return watch < 0 ? watch : -WatchCalls.ENOENT;
  }

  /** Opens what is called {@code name} in a known directory; negative as for that. */
  private int open(Directory parent, byte[] name) {
    int in = open(parent);
    if (in < 0) {
      return in;
    }
    int opened = paths.open(in, name, WatchPaths.FOR_LISTING);
    WatchCalls.close(in);
    return opened;
  }

  /** Watches an opened directory, and has the tree know that it is here. */
  private Optional<Directory> place(Directory parent, byte[] name, int opened) {
    if (!tree.hasRoomBelow(parent, name)) {
      // No path can name what is there: a scan says so, and we have no words for it.
      return Optional.empty();
    }
    int watch = queue.watch(opened);
    if (watch < 0) {
      refused(parent, name, -watch);
      return Optional.empty();
    }
    Optional<Directory> known = tree.directory(watch);
    Directory placed;
    if (known.isPresent() && tree.isAt(known.get(), parent, name)) {
      placed = known.get();
    } else {
      tree.child(parent, name).ifPresent(this::displace);
      placed = known.isPresent() ? move(known.get(), parent, name) : tree.add(watch, parent, name);
    }
    placed.walk = walks;
    return Optional.of(placed);
  }

  /** What was thought to be here is somewhere else, or gone. */
  private void displace(Directory directory) {
    tree.detach(directory);
    linger(directory);
  }

  private Directory move(Directory directory, Directory parent, byte[] name) {
    if (tree.isWithin(parent, directory)) {
      // Above itself: the way to the parent was another one than we think.
      tangled = true;
    } else {
      tree.move(directory, parent, name);
    }
    return directory;
  }

  private void refused(Directory parent, byte[] name, int error) {
    if (!isAway(error)) {
      tree.path(parent).ifPresent(path -> blind.add(path.child(name), error));
    }
  }

  /** It went away meanwhile, is no directory, or is a mount point: nothing to watch here. */
  private static boolean isAway(int error) {
    return switch (error) {
      case WatchCalls.ENOENT, WatchCalls.ENOTDIR, WatchCalls.ELOOP, WatchCalls.EXDEV -> true;
      default -> false;
    };
  }

  /** A directory is new in a watched one. */
  void created(Directory parent, byte[] name) {
    arrived(parent, name, Optional.empty());
  }

  void movedFrom(Directory parent, byte[] name, int cookie) {
    tree.child(parent, name)
        .filter(directory -> !isStillThere(parent, name, directory))
        .ifPresent(directory -> {
          tree.detach(directory);
          moving.put(cookie, new Moving(directory, clock.monotonicNanos() + halfMove.toNanos()));
        });
  }

  /**
   * Of an exchange the kernel tells first what came and then what went from the same name: what is
   * known under it may be what came.
   */
  private boolean isStillThere(Directory parent, byte[] name, Directory directory) {
    int opened = open(parent, name);
    if (opened < 0) {
      refused(parent, name, -opened);
      return false;
    }
    int watch = queue.watch(opened);
    WatchCalls.close(opened);
    if (watch >= 0 && tree.directory(watch).isEmpty()) {
      // Its own event is still to come.
      queue.unwatch(watch);
    }
    return watch == directory.watch;
  }

  void movedTo(Directory parent, byte[] name, int cookie) {
    arrived(parent, name, Optional.ofNullable(moving.remove(cookie)).map(Moving::directory));
  }

  private void arrived(Directory parent, byte[] name, Optional<Directory> expected) {
    int opened = open(parent, name);
    if (opened < 0) {
      expected.ifPresent(directory -> {
        if (isAway(-opened)) {
          linger(directory);
        } else {
          believe(directory, parent, name);
        }
      });
      refused(parent, name, -opened);
      return;
    }
    Optional<Directory> placed = place(parent, name, opened);
    // What is not watched is known by its path alone: below a new name it is found by a walk.
    boolean whole = placed.isPresent() && placed.equals(expected) && !astray && blind.isEmpty();
    if (placed.isPresent() && !whole) {
      walk(placed.get(), opened);
    } else {
      WatchCalls.close(opened);
    }
    expected.filter(tree::isDetached).ifPresent(this::linger);
  }

  /**
   * Nobody can look whether a directory is where an event says that it went: it keeps its watch.
   */
  private void believe(Directory directory, Directory parent, byte[] name) {
    if (tree.hasRoomBelow(parent, name)) {
      tree.child(parent, name).ifPresent(this::displace);
      move(directory, parent, name);
    }
  }

  /** Keeps a directory whose place is not known, for a moment, under a cookie of our own. */
  private void linger(Directory directory) {
    // The kernel counts its cookies up from 1 and they are taken from the map soon after.
    moving.put(
        -directory.watch, new Moving(directory, clock.monotonicNanos() + halfMove.toNanos()));
  }

  void deleted(Directory parent, byte[] name) {
    tree.child(parent, name).ifPresent(this::forget);
  }

  /** The kernel ended a watch: its directory is gone. */
  void ended(Directory directory) {
    forget(directory);
  }

  private void forget(Directory top) {
    for (Directory gone : tree.remove(top)) {
      queue.unwatch(gone.watch);
    }
  }

  /** The queue is empty: all moves up to now are known. */
  void caughtUp() {
    astray = false;
  }

  boolean isAstray() {
    return astray;
  }

  /** Forgets what moved out of the root; nanoseconds until there is more, or the largest number. */
  long expire() {
    long now = clock.monotonicNanos();
    while (!moving.isEmpty()) {
      Map.Entry<Integer, Moving> first = moving.entrySet().iterator().next();
      long left = first.getValue().deadlineNanos() - now;
      if (left > 0) {
        return left;
      }
      moving.remove(first.getKey());
      Directory directory = first.getValue().directory();
      // Another event may have found it again.
      if (tree.isDetached(directory) && isKnown(directory)) {
        forget(directory);
      }
    }
    return Long.MAX_VALUE;
  }

  private boolean isKnown(Directory directory) {
    @Nullable Directory known = tree.directory(directory.watch).orElse(null);
    return known == directory;
  }

  /** Tries again to watch what could not be watched. */
  void retry() throws IOException {
    if (blind.isFull()) {
      // Too many to try each of them: worth it only when more is allowed than last time.
      if (WatchLimits.watches() > allowed) {
        blind.take();
        walkAll();
      }
      return;
    }
    for (RelativePath path : blind.take()) {
      if (path.isRoot()) {
        walkAll();
      } else {
        tree.find(path.parent()).ifPresent(parent -> created(parent, path.name()));
      }
    }
  }
}
