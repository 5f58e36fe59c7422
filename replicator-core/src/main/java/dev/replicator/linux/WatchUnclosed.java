package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/*
 * An event says that a name was created, and not by what. After open(2) a close follows, and only
 * then is the content whole. After link(2), symlink(2) and mknod(2) nothing follows, and what has
 * the new name is whole at once. So a new name is looked at: what is not a regular file, has more
 * than one name, or is older than its name was linked and is told. Of the rest some are never
 * closed by a writer: opened for reading only, made by mknod, or nameless before they were linked.
 * The close of a nameless file is told with the number of its inode; for the others a time is set.
 * When it is over and somebody has the file open for writing, as in a slow upload, his close comes.
 */

/** New files of which it is not known yet whether their writer has closed them. */
final class WatchUnclosed {
  private static final int WAITING_MAX = 10_000;

  private final WatchPaths paths;
  private final Clock clock;
  private final Duration patience;
  private final Set<RelativePath> fresh = new LinkedHashSet<>();
  private final Map<RelativePath, Waiting> waiting = new LinkedHashMap<>();

  /** A new file, which a close may follow. */
  private record Waiting(long inode, long deadlineNanos) {}

  WatchUnclosed(WatchPaths paths, Clock clock, Duration patience) {
    this.paths = paths;
    this.clock = clock;
    this.patience = patience;
  }

  /** A name that was created in this batch of events. */
  void created(RelativePath path) {
    fresh.add(path);
  }

  /** Told for another reason: there is nothing to wait for. */
  void told(RelativePath path) {
    fresh.remove(path);
    waiting.remove(path);
  }

  /** Whether a close, or the end of our patience, will tell of it. */
  boolean isAwaited(RelativePath path) {
    return fresh.contains(path) || waiting.containsKey(path);
  }

  /** A file was closed under a name like that of files without one: which names it has by now. */
  List<RelativePath> closedNameless(byte[] name) {
    List<RelativePath> closed = new ArrayList<>();
    if (name.length < 2 || name[0] != '#') {
      return closed;
    }
    settleFresh(closed);
    String inode = new String(name, 1, name.length - 1, StandardCharsets.ISO_8859_1);
    waiting.forEach((path, waits) -> {
      if (Long.toUnsignedString(waits.inode()).equals(inode)) {
        closed.add(path);
      }
    });
    closed.forEach(waiting::remove);
    return closed;
  }

  /** The batch is read: which of its new names are told at once. */
  List<RelativePath> settle() {
    List<RelativePath> whole = new ArrayList<>();
    settleFresh(whole);
    return whole;
  }

  private void settleFresh(List<RelativePath> whole) {
    for (RelativePath path : fresh) {
      Optional<FileStatus> file = paths.look(path).filter(this::isOpened);
      if (file.isEmpty() || waiting.size() >= WAITING_MAX) {
        whole.add(path);
      } else {
        long deadline = clock.monotonicNanos() + patience.toNanos();
        waiting.putIfAbsent(path, new Waiting(file.get().stamp().inode(), deadline));
      }
    }
    fresh.clear();
  }

  /** Whether the name came with the file, as when it is opened for writing. */
  private boolean isOpened(FileStatus seen) {
    boolean old =
        seen.birthMillis() != 0 && clock.wallMillis() - seen.birthMillis() > patience.toMillis();
    return seen.type() == EntryType.FILE && seen.stamp().links() <= 1 && !old;
  }

  /** Those for which the time is over, and that no close will tell of. */
  List<RelativePath> due() {
    Map<RelativePath, Waiting> over = new LinkedHashMap<>();
    long now = clock.monotonicNanos();
    for (Map.Entry<RelativePath, Waiting> entry : waiting.entrySet()) {
      if (entry.getValue().deadlineNanos() - now > 0) {
        break;
      }
      over.put(entry.getKey(), entry.getValue());
    }
    waiting.keySet().removeAll(over.keySet());
    List<RelativePath> due = new ArrayList<>();
    over.forEach((path, waits) -> {
      if (paths.isWrittenTo(path)) {
        waiting.put(path, new Waiting(waits.inode(), now + patience.toNanos()));
      } else {
        due.add(path);
      }
    });
    return due;
  }

  /** All: somebody wants to know everything now. */
  List<RelativePath> all() {
    List<RelativePath> all = settle();
    all.addAll(waiting.keySet());
    waiting.clear();
    return all;
  }

  /** Nanoseconds until one is due, or the largest number. */
  long untilNanos() {
    return waiting.isEmpty()
        ? Long.MAX_VALUE
        : Math.max(0, waiting.values().iterator().next().deadlineNanos() - clock.monotonicNanos());
  }
}
