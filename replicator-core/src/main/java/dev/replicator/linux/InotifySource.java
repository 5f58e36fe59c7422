package dev.replicator.linux;

import dev.replicator.linux.InotifyQueue.Event;
import dev.replicator.linux.WatchTree.Directory;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.Watcher.Listener;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Turns the events of one inotify instance into hints, and keeps its watches in order. */
final class InotifySource implements WatchThread.WatchSource {
  /** So long the second half of a move is waited for before it went out of the root. */
  private static final long HALF_NANOS = 5_000_000;

  private final WatchPaths paths;
  private final InotifyQueue queue;
  private final InotifyWatches watches;
  private final WatchUnclosed unclosed;
  private final WatchHints hints;
  private final Clock clock;
  private final WatchTiming timing;
  private final int directoriesMax;
  private final Map<Integer, Half> halves = new LinkedHashMap<>();
  private volatile List<String> notes = List.of();
  private long blindDueNanos;
  private boolean overflowed;
  private boolean rootGone;

  /** A name that something moved away from. */
  private record Half(RelativePath from, long deadlineNanos) {}

  private InotifySource(
      WatchPaths paths,
      InotifyQueue queue,
      InotifyWatches watches,
      WatchHints hints,
      Clock clock,
      WatchTiming timing,
      int directoriesMax) {
    this.directoriesMax = directoriesMax;
    this.paths = paths;
    this.queue = queue;
    this.watches = watches;
    this.hints = hints;
    this.clock = clock;
    this.timing = timing;
    this.unclosed = new WatchUnclosed(paths, clock, timing.unclosed());
  }

  static InotifySource open(
      Path root,
      Clock clock,
      WatchTiming timing,
      int directoriesMax,
      Listener listener,
      BooleanSupplier closed)
      throws IOException {
    WatchPaths paths = WatchPaths.open(root);
    try {
      InotifyQueue queue = InotifyQueue.open();
      try {
        InotifyWatches watches =
            new InotifyWatches(paths, queue, clock, timing.moved(), directoriesMax, closed);
        WatchHints hints = new WatchHints(listener, closed);
        return new InotifySource(paths, queue, watches, hints, clock, timing, directoriesMax);
      } catch (IOException failure) {
        queue.close();
        throw failure;
      }
    } catch (IOException failure) {
      paths.close();
      throw failure;
    }
  }

  @Override
  public void begin() throws IOException {
    watches.walkAll();
    if (watches.tree().size() > directoriesMax) {
      throw new InotifyWatcher.NotWhole("more than " + directoriesMax + " directories");
    }
    requireWatches();
    tellBlind();
  }

  /** Another watcher may see all of the root, unless this one was asked for all the same. */
  private void requireWatches() throws InotifyWatcher.NotWhole {
    if (directoriesMax != Integer.MAX_VALUE && watches.blind().lacksWatches()) {
      throw new InotifyWatcher.NotWhole(noWatch());
    }
  }

  private String noWatch() {
    return WatchLimits.noWatch(
        WatchLimits.watches(), directories() + (long) watches.blind().size());
  }

  int directories() {
    return watches.tree().size();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public int descriptor() {
    return queue.descriptor();
  }

  @Override
  public long waiting() {
    return queue.waiting();
  }

  @Override
  public long read() throws IOException {
    long read = queue.read(this::handle);
    unclosed.settle().forEach(hints::changed);
    if (rootGone) {
      hints.flush();
      throw new IOException("the root directory is gone or its file system is not mounted");
    }
    if (overflowed || watches.isTangled()) {
      startOver();
    }
    hints.flush();
    boolean empty = read == 0 || queue.waiting() == 0;
    if (empty) {
      watches.caughtUp();
    }
    if (watches.blind().isEmpty() != notes.isEmpty()) {
      requireWatches();
      tellBlind();
    }
    return read;
  }

  /** Directories may have come and gone unseen: the watches first, then word of it. */
  private void startOver() throws IOException {
    String reason =
        overflowed
            ? WatchLimits.overflowed(WatchLimits.queuedEvents())
            : "directories moved in ways that were not followed";
    overflowed = false;
    watches.walkAll();
    hints.suspect(RelativePath.ROOT, reason);
  }

  private void handle(Event event) {
    if (event.is(InotifyQueue.OVERFLOW)) {
      overflowed = true;
      return;
    }
    Optional<Directory> known = watches.tree().directory(event.watch());
    if (known.isEmpty()) {
      return;
    }
    Directory directory = known.get();
    boolean root = directory == watches.tree().root();
    if (event.is(InotifyQueue.IGNORED | InotifyQueue.UNMOUNTED)) {
      rootGone = rootGone || root;
      if (!root) {
        watches.ended(directory);
      }
    } else if (event.name().length == 0) {
      if (root) {
        handleRoot(event);
      }
    } else if (!root || !WatchHints.isOwn(event.name())) {
      handle(directory, event);
    }
  }

  private void handleRoot(Event event) {
    if (event.is(InotifyQueue.SELF_DELETED)) {
      rootGone = true;
    } else if (event.is(InotifyQueue.SELF_MOVED)) {
      hints.suspect(RelativePath.ROOT, "the root directory was moved");
    } else {
      hints.changed(RelativePath.ROOT);
    }
  }

  private void handle(Directory parent, Event event) {
    Optional<RelativePath> path =
        watches.tree().path(parent).map(found -> found.child(event.name()));
    if (event.is(InotifyQueue.DIRECTORY)) {
      follow(parent, event);
    }
    if (event.is(InotifyQueue.MOVED_FROM)) {
      path.ifPresent(from -> movedFrom(from, event.cookie()));
    } else if (event.is(InotifyQueue.MOVED_TO)) {
      movedTo(path, event);
    } else if (path.isPresent() && event.is(InotifyQueue.DIRECTORY)) {
      arrived(path.get(), event.is(InotifyQueue.CREATED));
    } else if (path.isPresent()) {
      hint(path.get(), event);
    }
  }

  private void arrived(RelativePath path, boolean directory) {
    if (directory) {
      hints.appeared(path);
    } else {
      hints.changed(path);
    }
  }

  private void movedIn(RelativePath path, boolean directory) {
    if (directory) {
      hints.movedIn(path);
    } else {
      hints.changed(path);
    }
  }

  /** The other half was queued by the same call, so it is there already or comes at once. */
  private void movedFrom(RelativePath from, int cookie) {
    unclosed.told(from);
    halves.put(cookie, new Half(from, clock.monotonicNanos() + HALF_NANOS));
  }

  private void movedTo(Optional<RelativePath> to, Event event) {
    Optional<RelativePath> from =
        Optional.ofNullable(halves.remove(event.cookie())).map(Half::from);
    boolean directory = event.is(InotifyQueue.DIRECTORY);
    to.ifPresent(unclosed::told);
    if (from.isPresent() && to.isPresent()) {
      hints.moved(from.get(), to.get(), directory);
    } else {
      to.ifPresent(path -> movedIn(path, directory));
      from.ifPresent(hints::changed);
    }
  }

  /** Tells of what went out of the root; nanoseconds until there is more, or the largest number. */
  private long tellHalves(boolean all) {
    var each = halves.values().iterator();
    while (each.hasNext()) {
      Half half = each.next();
      long left = half.deadlineNanos() - clock.monotonicNanos();
      if (left > 0 && !all) {
        return left;
      }
      hints.changed(half.from());
      each.remove();
    }
    return Long.MAX_VALUE;
  }

  private void follow(Directory parent, Event event) {
    if (event.is(InotifyQueue.CREATED)) {
      watches.created(parent, event.name());
    } else if (event.is(InotifyQueue.MOVED_TO)) {
      watches.movedTo(parent, event.name(), event.cookie());
    } else if (event.is(InotifyQueue.MOVED_FROM)) {
      watches.movedFrom(parent, event.name(), event.cookie());
    } else if (event.is(InotifyQueue.DELETED)) {
      watches.deleted(parent, event.name());
    }
  }

  private void hint(RelativePath file, Event event) {
    if (event.is(InotifyQueue.CREATED)) {
      unclosed.created(file);
    } else if (event.is(InotifyQueue.ATTRIBUTES) && unclosed.isAwaited(file)) {
      // Its writer is at work on it: the close comes.
      return;
    } else {
      unclosed.told(file);
      hints.changed(file);
      if (event.is(InotifyQueue.CLOSED)) {
        unclosed.closedNameless(event.name()).forEach(hints::changed);
      }
    }
  }

  @Override
  public void release() {
    tellHalves(true);
    unclosed.all().forEach(hints::changed);
    // Nothing is known of what is not watched: whoever asks has to look.
    suspectBlind();
    hints.flush();
  }

  @Override
  public int timers() throws IOException {
    unclosed.due().forEach(hints::changed);
    long wait = Math.min(tellHalves(false), Math.min(watches.expire(), unclosed.untilNanos()));
    if (!watches.blind().isEmpty()) {
      if (clock.monotonicNanos() - blindDueNanos >= 0) {
        retry();
      }
      wait = Math.min(wait, blindDueNanos - clock.monotonicNanos());
    }
    hints.flush();
    return WatchThread.pause(wait);
  }

  private void retry() throws IOException {
    Set<RelativePath> before = watches.blind().scopes().keySet();
    watches.retry();
    Set<RelativePath> after = watches.blind().scopes().keySet();
    for (RelativePath scope : before) {
      if (!after.contains(scope)) {
        hints.suspect(scope, "it could not be watched until now");
      }
    }
    tellBlind();
  }

  /** Says what is not watched, and sets the time for the next try. */
  private void tellBlind() {
    blindDueNanos = clock.monotonicNanos() + timing.blind().toNanos();
    List<String> said = new ArrayList<>();
    if (watches.blind().lacksWatches()) {
      said.add(noWatch());
    }
    watches
        .blind()
        .scopes()
        .forEach((scope, error) ->
            said.add(
                "/"
                    + scope
                    + " is scanned every "
                    + seconds(timing.blind())
                    + " s: "
                    + reason(error)));
    notes = List.copyOf(said);
    suspectBlind();
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private void suspectBlind() {
    watches.blind().scopes().forEach((scope, error) -> hints.suspect(scope, reason(error)));
  }

  /** The same for all alike: who listens may tell each text but once. */
  private static String reason(int error) {
    return error == WatchCalls.ENOSPC
        ? "no inotify watch is left for it"
        : "it cannot be watched: " + WatchCalls.text(error);
  }

  @Override
  public void lost(String reason) {
    hints.clear();
    hints.suspect(RelativePath.ROOT, reason);
  }

  @Override
  public void failed(String reason) {
    hints.failed(reason);
  }

  @Override
  public void close() {
    queue.close();
    paths.close();
  }
}
