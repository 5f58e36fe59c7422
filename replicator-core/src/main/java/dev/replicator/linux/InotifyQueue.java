package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** One inotify instance: its watches and its queue of events. */
final class InotifyQueue implements AutoCloseable {
  static final int ATTRIBUTES = 0x4;
  static final int CLOSED = 0x8;
  static final int MOVED_FROM = 0x40;
  static final int MOVED_TO = 0x80;
  static final int CREATED = 0x100;
  static final int DELETED = 0x200;
  static final int SELF_DELETED = 0x400;
  static final int SELF_MOVED = 0x800;
  static final int UNMOUNTED = 0x2000;
  static final int OVERFLOW = 0x4000;
  static final int IGNORED = 0x8000;
  static final int DIRECTORY = 0x4000_0000;

  private static final int ONLY_DIRECTORIES = 0x0100_0000;
  private static final int NOT_UNLINKED = 0x0400_0000;

  /**
   * {@code IN_MASK_ADD}. A directory is watched again to learn which one it is. Setting its mask as
   * a whole clears it for a moment, in which the kernel drops what others do there: an
   * InotifyQueueTest that does so loses one event in a hundred. Adding to the mask loses none.
   */
  private static final int ADDED = 0x2000_0000;

  private static final int WANTED =
      ATTRIBUTES
          | CLOSED
          | MOVED_FROM
          | MOVED_TO
          | CREATED
          | DELETED
          | ONLY_DIRECTORIES
          | NOT_UNLINKED
          | ADDED;

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int HEADER_BYTES = 16;

  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
  private final MemorySegment count = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
  private final int descriptor;

  /** What the kernel told. The name is empty when it is about the watched directory itself. */
  record Event(int watch, int mask, int cookie, byte[] name) {
    boolean is(int bits) {
      return (mask & bits) != 0;
    }
  }

  private InotifyQueue(int descriptor) {
    this.descriptor = descriptor;
  }

  static InotifyQueue open() throws IOException {
    int descriptor = WatchCalls.inotify();
    if (descriptor == -WatchCalls.EMFILE) {
      throw new IOException(WatchLimits.noInstance(WatchLimits.instances()));
    }
    return new InotifyQueue(WatchCalls.orThrow(descriptor, "cannot use inotify"));
  }

  int descriptor() {
    return descriptor;
  }

  /** Watches an open directory: the number of its watch, which it may have had before. */
  int watch(int directory) {
    return HeldCalls.tryInotify(descriptor, directory, WANTED);
  }

  /** Only the root's own end matters: that of any other directory is told by its parent. */
  int watchRoot(int root) {
    return HeldCalls.tryInotify(descriptor, root, WANTED | SELF_DELETED | SELF_MOVED);
  }

  /** Of a watch that the kernel may have ended by itself. */
  void unwatch(int watch) {
    int unused = WatchCalls.inotifyRemove(descriptor, watch);
  }

  /** Bytes that wait. */
  long waiting() {
    return Math.max(0, WatchCalls.waiting(descriptor, count));
  }

  /** Reads once; the bytes read, 0 when nothing waits. */
  long read(Consumer<Event> to) throws IOException {
    long bytes = WatchCalls.read(descriptor, buffer);
    if (bytes == -WatchCalls.EAGAIN || bytes == -WatchCalls.EINTR) {
      return 0;
    }
    WatchCalls.orThrow((int) bytes, "cannot read events");
    long at = 0;
    while (at < bytes) {
      int length = buffer.get(JAVA_INT, at + 12);
      to.accept(
          new Event(
              buffer.get(JAVA_INT, at),
              buffer.get(JAVA_INT, at + 4),
              buffer.get(JAVA_INT, at + 8),
              length == 0 ? new byte[0] : WatchPaths.text(buffer, at + HEADER_BYTES)));
      at += HEADER_BYTES + length;
    }
    return bytes;
  }

  @Override
  public void close() {
    WatchCalls.close(descriptor);
  }
}
