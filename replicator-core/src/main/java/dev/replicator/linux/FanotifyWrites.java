package dev.replicator.linux;

import dev.replicator.linux.FanotifyPlaces.Place;
import dev.replicator.linux.FanotifyQueue.Event;
import dev.replicator.linux.FanotifyQueue.Name;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/*
 * A group of its own, beside the one that tells of everything else: its queue may overflow without
 * harm, as that of InotifyWrites. The kernel makes one event of all that waits of one file and one
 * process, so a flood of writes takes one place in the queue; but of a write and a close that are
 * one event by now nobody knows which was first. Nearly always that is a file that was written
 * and closed. Of a few of them somebody who still has it open is looked for.
 */

/** Tells which files of a file system are written to and not closed. */
final class FanotifyWrites implements AutoCloseable {
  /** So many files are looked at each time; each costs about 10 microseconds. */
  private static final int LOOKS_MAX = 256;

  /** More files that are being written to at once are not heard. */
  private static final int WRITTEN_MAX = 10_000;

  private final WatchPaths paths;
  private final FanotifyQueue queue;
  private final long silentProcess;
  private final WritesPace pace;
  private final Map<RelativePath, Long> written = new LinkedHashMap<>();

  FanotifyWrites(
      WatchPaths paths, FanotifyQueue queue, long silentProcess, Clock clock, Duration pause) {
    this.paths = paths;
    this.queue = queue;
    this.silentProcess = silentProcess;
    this.pace = new WritesPace(clock, pause, WatchLimits.queuedByFanotify());
  }

  /** What is to be polled, or -1 for nothing just now. */
  int awaited() {
    return pace.isIdle() ? queue.descriptor() : -1;
  }

  void wrote() {
    pace.wrote();
  }

  long untilNanos() {
    return pace.untilNanos();
  }

  /** Tells, when it is time, which files were written to and not closed since. */
  void tell(FanotifyPlaces places, Consumer<RelativePath> told) throws IOException {
    if (!pace.isDue()) {
      return;
    }
    long events = 0;
    for (long left = queue.waiting(); left > 0; ) {
      long read = queue.read(event -> take(event, places));
      events += read;
      left = read == 0 ? 0 : left - read;
    }
    pace.read(events);
    int looks = 0;
    for (Map.Entry<RelativePath, Long> file : written.entrySet()) {
      boolean modified = (file.getValue() & FanotifyQueue.MODIFIED) != 0;
      boolean closed = (file.getValue() & FanotifyQueue.CLOSED) != 0;
      if (modified && (!closed || (looks++ < LOOKS_MAX && paths.isWrittenTo(file.getKey())))) {
        told.accept(file.getKey());
      }
    }
    written.clear();
  }

  private void take(Event event, FanotifyPlaces places) {
    if (event.is(FanotifyQueue.OVERFLOW)
        || (silentProcess != 0 && event.process() == silentProcess)) {
      return;
    }
    for (Name name : event.names()) {
      path(name, places)
          .filter(path -> written.size() < WRITTEN_MAX || written.containsKey(path))
          .ifPresent(path -> written.merge(path, event.mask(), (one, other) -> one | other));
    }
  }

  private static Optional<RelativePath> path(Name name, FanotifyPlaces places) {
    return places.find(name.directory()) instanceof Place.At at
            && !(at.path().isRoot() && WatchHints.isOwn(name.name()))
        ? Optional.of(at.path().child(name.name()))
        : Optional.empty();
  }

  @Override
  public void close() {
    queue.close();
  }
}
