package dev.replicator.linux;

import dev.replicator.linux.FanotifyPlaces.Place;
import dev.replicator.linux.FanotifyQueue.Event;
import dev.replicator.linux.FanotifyQueue.Name;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.Watcher.Listener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Beside the watcher that tells of everything else, for that may lose nothing, and writes come by
 * the hundred thousand. This queue may run over without harm: who goes on writing is heard again.
 * The kernel makes one event of all that one process does to one file while it waits, so it is left
 * alone for a second after the first of them, and costs the same however fast somebody writes.
 *
 * Of directories that move nothing is heard: where one is, is asked anew each time. One that is
 * outside of the root is heard no more, and again only after a while, for it may have come in.
 *
 * Of a write and a close in one event nobody knows which was first. It is taken for the close: who
 * opened the file again and wrote is heard when he writes once more.
 */

/**
 * Tells of files below a root that somebody writes to and does not close, and of those that are cut
 * off or get another time by their names, which nobody opens.
 */
final class FanotifyWrites implements WatchThread.WatchSource {
  /** More files that are being written to at once are not heard. */
  private static final int FILES_MAX = 10_000;

  private static final long DEAF_NANOS = 60_000_000_000L;

  private final WatchPaths paths;
  private final FanotifyQueue queue;
  private final FanotifyPlaces places;
  private final Clock clock;
  private final WriteTiming timing;
  private final long silentProcess;
  private final Listener listener;
  private final BooleanSupplier closed;
  private final Consumer<String> failed;
  private final Map<RelativePath, Written> files = new LinkedHashMap<>();
  private boolean gathering;
  private long gatheredNanos;
  private long heardNanos;

  /** A file that was written to and not closed since. */
  private record Written(long firstNanos, long lastNanos) {}

  private FanotifyWrites(
      WatchPaths paths,
      FanotifyQueue queue,
      Clock clock,
      WriteTiming timing,
      long silentProcess,
      Listener listener,
      BooleanSupplier closed,
      Consumer<String> failed) {
    this.paths = paths;
    this.queue = queue;
    this.places = new FanotifyPlaces(paths, queue);
    this.clock = clock;
    this.timing = timing;
    this.silentProcess = silentProcess;
    this.listener = listener;
    this.closed = closed;
    this.failed = failed;
    this.heardNanos = clock.monotonicNanos();
  }

  /**
   * @param failed takes the reason when nothing more is heard
   */
  static FanotifyWrites open(
      Path root,
      Clock clock,
      WriteTiming timing,
      long silentProcess,
      Listener listener,
      BooleanSupplier closed,
      Consumer<String> failed)
      throws IOException {
    WatchPaths paths = WatchPaths.open(root);
    try {
      FanotifyPlaces.probe(paths);
      FanotifyQueue queue = FanotifyQueue.ofWrites(paths.root());
      return new FanotifyWrites(
          paths, queue, clock, timing, silentProcess, listener, closed, failed);
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
    return gathering ? -1 : queue.descriptor();
  }

  /** What waits is read by {@link #release}, and otherwise when it is time. */
  @Override
  public long waiting() {
    return 0;
  }

  @Override
  public long read() {
    if (!gathering) {
      gathering = true;
      gatheredNanos = clock.monotonicNanos() + timing.gathered().toNanos();
    }
    return 0;
  }

  /** Of what nobody has open no close will tell, and who wants to know everything waits for it. */
  @Override
  public void release() throws IOException {
    take(clock.monotonicNanos());
    List<RelativePath> over =
        files.keySet().stream().filter(path -> !paths.isWrittenTo(path)).toList();
    files.keySet().removeAll(over);
    over.forEach(this::tell);
  }

  @Override
  public int timers() throws IOException {
    long now = clock.monotonicNanos();
    if (gathering && gatheredNanos - now <= 0) {
      gathering = false;
      take(now);
    }
    tell(now);
    return WatchThread.pause(untilNanos(now));
  }

  /** Reads what waits by now, and not what comes meanwhile: that may be without an end. */
  private void take(long now) throws IOException {
    places.forget();
    if (now - heardNanos >= DEAF_NANOS) {
      places.moved();
      heardNanos = now;
    }
    long left = queue.waiting();
    while (left > 0) {
      long read = queue.read(event -> take(event, now));
      left = read == 0 ? 0 : left - read;
    }
  }

  private void take(Event event, long now) {
    for (Name name : event.names()) {
      // Asked for what this process does, too: so no more is heard of its own directories.
      if (places.find(name.directory()) instanceof Place.At at
          && !(silentProcess != 0 && event.process() == silentProcess)
          && !(at.path().isRoot() && WatchHints.isOwn(name.name()))) {
        take(at.path().child(name.name()), event, now);
      }
    }
  }

  private void take(RelativePath path, Event event, long now) {
    @Nullable Written before = files.get(path);
    if (event.is(FanotifyQueue.CLOSED)) {
      files.remove(path);
    } else if (before != null || files.size() < FILES_MAX) {
      files.put(path, new Written(before == null ? now : before.firstNanos(), now));
    }
  }

  private void tell(long now) {
    List<RelativePath> due = new ArrayList<>();
    files.forEach((path, written) -> {
      if (dueNanos(written) - now <= 0) {
        due.add(path);
      }
    });
    for (RelativePath path : due) {
      files.remove(path);
      tell(path);
    }
  }

  private void tell(RelativePath path) {
    paths
        .look(path)
        .filter(there -> there.type() == EntryType.FILE && !closed.getAsBoolean())
        .ifPresent(there -> listener.written(path, there.stamp().inode()));
  }

  private long dueNanos(Written written) {
    return Math.min(
        written.lastNanos() + timing.pause().toNanos(),
        written.firstNanos() + timing.longest().toNanos());
  }

  /** Nanoseconds until there is more to do, or the largest number. */
  private long untilNanos(long now) {
    long until = gathering ? gatheredNanos - now : Long.MAX_VALUE;
    for (Written written : files.values()) {
      until = Math.min(until, dueNanos(written) - now);
    }
    return Math.max(0, until);
  }

  @Override
  public void lost(String reason) {
    // What is lost here, the writer's close or the next comparison of the whole tree finds.
    files.clear();
  }

  @Override
  public void failed(String reason) {
    failed.accept(reason);
  }

  @Override
  public void close() {
    queue.close();
    paths.close();
  }
}
