package dev.replicator.linux;

import dev.replicator.linux.FanotifyPlaces.Place;
import dev.replicator.linux.FanotifyQueue.Event;
import dev.replicator.linux.FanotifyQueue.Name;
import dev.replicator.linux.FanotifyQueue.Role;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.Watcher.Listener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Turns the events of one file system into hints about what is below the root. */
final class FanotifySource implements WatchThread.WatchSource {
  private static final byte[] ITSELF = {'.'};
  private static final Place ELSEWHERE = new Place.Elsewhere();

  private final WatchPaths paths;
  private final FanotifyQueue queue;
  private final FanotifyPlaces places;
  private final WatchUnclosed unclosed;
  private final WatchHints hints;
  private final long silentProcess;
  private boolean overflowed;

  private FanotifySource(
      WatchPaths paths,
      FanotifyQueue queue,
      FanotifyPlaces places,
      WatchUnclosed unclosed,
      WatchHints hints,
      long silentProcess) {
    this.paths = paths;
    this.queue = queue;
    this.places = places;
    this.unclosed = unclosed;
    this.hints = hints;
    this.silentProcess = silentProcess;
  }

  static FanotifySource open(
      Path root,
      Clock clock,
      WatchTiming timing,
      long silentProcess,
      boolean limited,
      Listener listener,
      BooleanSupplier closed)
      throws IOException {
    WatchPaths paths = WatchPaths.open(root);
    try {
      FanotifyPlaces.probe(paths);
      FanotifyQueue queue = FanotifyQueue.open(paths.root(), limited);
      return new FanotifySource(
          paths,
          queue,
          new FanotifyPlaces(paths, queue),
          new WatchUnclosed(paths, clock, timing.unclosed()),
          new WatchHints(listener, closed),
          silentProcess);
    } catch (IOException failure) {
      paths.close();
      throw failure;
    }
  }

  @Override
  public void begin() {
    // The mark is there already, and covers every directory.
  }

  @Override
  public List<String> notes() {
    return List.of();
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
    hints.flush();
    if (overflowed) {
      // The queue has no limit but memory.
      overflowed = false;
      places.moved();
      hints.suspect(RelativePath.ROOT, "the kernel had no memory for all events");
    }
    return read;
  }

  private void handle(Event event) {
    if (event.is(FanotifyQueue.OVERFLOW)) {
      overflowed = true;
      return;
    }
    boolean silent = silentProcess != 0 && event.process() == silentProcess;
    boolean directoryMoved = event.is(FanotifyQueue.RENAMED) && event.is(FanotifyQueue.DIRECTORY);
    if (silent && !directoryMoved) {
      return;
    }
    List<Place> found = event.names().stream().map(name -> places.find(name.directory())).toList();
    if (directoryMoved && !found.stream().allMatch(ELSEWHERE::equals)) {
      places.moved();
    }
    if (!silent && !isOneMove(event, found)) {
      for (int index = 0; index < found.size(); index++) {
        hint(found.get(index), event.names().get(index), event);
      }
    }
  }

  /** Tells of a move within the root by one hint; otherwise each of its names has its own. */
  private boolean isOneMove(Event event, List<Place> found) {
    Optional<RelativePath> from = name(Role.MOVED_FROM, event, found);
    Optional<RelativePath> to = name(Role.MOVED_TO, event, found);
    if (from.isEmpty() || to.isEmpty()) {
      return false;
    }
    unclosed.told(from.get());
    unclosed.told(to.get());
    hints.moved(from.get(), to.get(), event.is(FanotifyQueue.DIRECTORY));
    return true;
  }

  private static Optional<RelativePath> name(Role role, Event event, List<Place> found) {
    for (int index = 0; index < found.size(); index++) {
      Name name = event.names().get(index);
      if (name.role() == role
          && found.get(index) instanceof Place.At at
          && !(at.path().isRoot() && WatchHints.isOwn(name.name()))) {
        return Optional.of(at.path().child(name.name()));
      }
    }
    return Optional.empty();
  }

  private void hint(Place place, Name name, Event event) {
    switch (place) {
      case Place.At at -> hint(at.path(), name, event);
      case Place.Below below -> hints.appeared(below.path());
      case Place.Elsewhere elsewhere -> {}
    }
  }

  private void hint(RelativePath parent, Name name, Event event) {
    if (Arrays.equals(name.name(), ITSELF)) {
      hints.changed(parent);
      return;
    }
    if (parent.isRoot() && WatchHints.isOwn(name.name())) {
      return;
    }
    RelativePath path = parent.child(name.name());
    boolean directory = event.is(FanotifyQueue.DIRECTORY);
    if (directory && name.role() == FanotifyQueue.Role.MOVED_TO) {
      hints.movedIn(path);
    } else if (directory || !waits(path, event)) {
      unclosed.told(path);
      hints.changed(path);
      if (event.is(FanotifyQueue.CLOSED)) {
        unclosed.closedNameless(name.name()).forEach(hints::changed);
      }
    }
  }

  /** Whether a close is still to come. The order of what one event joins is not known. */
  private boolean waits(RelativePath file, Event event) {
    long rest = FanotifyQueue.CLOSED | FanotifyQueue.DELETED | FanotifyQueue.RENAMED;
    if (event.is(rest)) {
      return false;
    }
    if (event.is(FanotifyQueue.CREATED)) {
      unclosed.created(file);
    }
    return unclosed.isAwaited(file);
  }

  @Override
  public void release() {
    unclosed.all().forEach(hints::changed);
    hints.flush();
  }

  @Override
  public int timers() {
    unclosed.due().forEach(hints::changed);
    hints.flush();
    return WatchThread.pause(unclosed.untilNanos());
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
