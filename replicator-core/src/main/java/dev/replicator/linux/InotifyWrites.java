package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.replicator.linux.WatchTree.Directory;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * An instance of its own, beside the one that tells of everything else. Every write(2) is an
 * event, and only those that follow each other on one file become one: two busy writers fill a
 * queue within a moment. Here that does no harm. Nothing is to be looked at for what was lost: who
 * goes on writing is heard next time, and who closed was told by the other instance. Closes are
 * asked for here too, because their order among the writes tells who is still at it.
 *
 * It takes a second watch for each directory, as long as all of them together leave the user half
 * of his watches; otherwise, or when there is none left, it gives all of them back.
 */

/** Tells which files of the watched directories are written to and not closed. */
final class InotifyWrites implements AutoCloseable {
  private static final int MODIFIED = 0x2;
  private static final int WANTED = MODIFIED | InotifyQueue.CLOSED | InotifyQueue.HOW;

  /** Of all watches that the user may have, each directory takes two. */
  private static final int SHARE = 4;

  /** More files that are being written to at once are not heard. */
  private static final int WRITTEN_MAX = 10_000;

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int HEADER_BYTES = 16;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
  private final MemorySegment count = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
  private final long allowed = WatchLimits.watches();
  private final WritesPace pace;
  private final WatchNumbers numbers = new WatchNumbers();

  /** By a hash of watch and name: a write that is not heard for a collision does no harm either. */
  private final Map<Long, Written> written = new LinkedHashMap<>();

  private int descriptor;
  private volatile String note = "";

  /** A name in a watched directory. */
  private record Written(int watch, byte[] name) {}

  private InotifyWrites(int descriptor, Clock clock, Duration pause) {
    this.descriptor = descriptor;
    this.pace = new WritesPace(clock, pause, WatchLimits.queuedEvents());
  }

  static InotifyWrites open(Clock clock, Duration pause) {
    int descriptor = WatchCalls.inotify();
    InotifyWrites writes = new InotifyWrites(descriptor, clock, pause);
    if (descriptor < 0) {
      writes.giveUp("no inotify instance is left for it");
    }
    return writes;
  }

  /** Why nothing is told; "" when it is. From any thread. */
  String note() {
    return note.isEmpty()
        ? ""
        : "what is written to a file that nobody closes is found by scanning: " + note;
  }

  /** What is to be polled, or -1 for nothing just now. */
  int awaited() {
    return pace.isIdle() ? descriptor : -1;
  }

  void wrote() {
    pace.wrote();
  }

  long untilNanos() {
    return descriptor < 0 ? Long.MAX_VALUE : pace.untilNanos();
  }

  /** Watches an open directory, once. */
  void watch(int opened, Directory directory, int directories) {
    if (descriptor < 0 || directory.writes >= 0) {
      return;
    }
    if ((long) directories * SHARE > allowed) {
      giveUp("fs.inotify.max_user_watches is " + allowed);
      return;
    }
    int watch = HeldCalls.tryInotify(descriptor, opened, WANTED);
    if (watch >= 0) {
      directory.writes = watch;
      numbers.put(directory);
    } else if (watch == -WatchCalls.ENOSPC) {
      giveUp("no inotify watch is left for it");
    }
  }

  void unwatch(Directory directory) {
    if (directory.writes >= 0) {
      numbers.remove(directory);
      if (descriptor >= 0) {
        int unused = WatchCalls.inotifyRemove(descriptor, directory.writes);
      }
      directory.writes = -1;
    }
  }

  /** Gives back all watches: others need them more. False when there were none. */
  boolean giveUp(String reason) {
    boolean had = descriptor >= 0 && numbers.size() > 0;
    note = reason;
    numbers.clear();
    close();
    return had;
  }

  /** Tells, when it is time, which files were written to and not closed since. */
  void tell(WatchTree tree, Consumer<RelativePath> told) {
    if (descriptor < 0 || !pace.isDue()) {
      return;
    }
    long events = 0;
    long left = WatchCalls.waiting(descriptor, count);
    while (left > 0) {
      long bytes = WatchCalls.read(descriptor, buffer);
      if (bytes <= 0) {
        break;
      }
      events += take(bytes);
      left -= bytes;
    }
    pace.read(events);
    for (Written file : written.values()) {
      @Nullable Directory in = numbers.find(file.watch);
      if (in != null && !(in == tree.root() && WatchHints.isOwn(file.name))) {
        tree.path(in).map(path -> path.child(file.name)).ifPresent(told);
      }
    }
    written.clear();
  }

  private long take(long bytes) {
    long events = 0;
    long last = 0;
    boolean lastClosed = true;
    for (long at = 0; at < bytes; events++) {
      int mask = buffer.get(JAVA_INT, at + 4);
      int length = buffer.get(JAVA_INT, at + 12);
      long key = key(at, length);
      boolean closed = (mask & InotifyQueue.CLOSED) != 0;
      if (length > 0 && (key != last || closed != lastClosed)) {
        take(key, at, closed);
        last = key;
        lastClosed = closed;
      }
      at += HEADER_BYTES + length;
    }
    return events;
  }

  private void take(long key, long at, boolean closed) {
    if (closed) {
      written.remove(key);
    } else if (written.size() < WRITTEN_MAX && !written.containsKey(key)) {
      byte[] name = WatchPaths.text(buffer, at + HEADER_BYTES);
      written.put(key, new Written(buffer.get(JAVA_INT, at), name));
    }
  }

  /** The kernel fills a name up with zeros to a multiple of its header. */
  private long key(long at, int length) {
    long key = buffer.get(JAVA_INT, at) * MIX;
    for (long word = at + HEADER_BYTES; word < at + HEADER_BYTES + length; word += Long.BYTES) {
      key = (key ^ buffer.get(JAVA_LONG_UNALIGNED, word)) * MIX;
      key ^= key >>> 32;
    }
    return key;
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      WatchCalls.close(descriptor);
      descriptor = -1;
    }
  }
}
