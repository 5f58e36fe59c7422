package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.replicator.model.Bytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One fanotify group with a mark on a whole file system, and its queue of events. */
final class FanotifyQueue implements AutoCloseable {
  static final long MODIFIED = 0x2;
  static final long ATTRIBUTES = 0x4;
  static final long CLOSED = 0x8;
  static final long CREATED = 0x100;
  static final long DELETED = 0x200;
  static final long OVERFLOW = 0x4000;
  static final long RENAMED = 0x1000_0000;
  static final long DIRECTORY = 0x4000_0000;

  private static final int CLOSE_ON_EXEC = 0x1;
  private static final int NON_BLOCKING = 0x2;
  private static final int UNLIMITED_QUEUE = 0x10;
  private static final int NAMES_AND_TARGET = 0x1E00;
  private static final int EVENT_FILES = 0x80000;
  private static final int ADD_FILE_SYSTEM = 0x101;
  private static final int FLUSH_DIRECTORIES = 0x80;

  /** {@code FAN_MARK_ADD | FAN_MARK_IGNORED_SURV_MODIFY | FAN_MARK_IGNORE}, of Linux 6.0. */
  private static final int ADD_IGNORE = 0x1 | 0x40 | 0x400;

  private static final long ON_CHILDREN = 0x0800_0000;

  private static final int HEADER_BYTES = 24;
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final byte VERSION = 3;

  /** Where in a record the file handle begins, and where its bytes. */
  private static final int HANDLE = 12;

  private static final int HANDLE_OCTETS = 20;

  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
  private final MemorySegment count = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
  private final int descriptor;
  private boolean ignoring;

  /** What is said of one name. */
  enum Role {
    AT,
    MOVED_FROM,
    MOVED_TO
  }

  /** A name in the directory with this handle; "." for that directory itself. */
  record Name(Role role, Bytes directory, byte[] name) {}

  /** What the kernel told. Several changes of one object may have become one event. */
  record Event(long mask, int process, List<Name> names) {
    boolean is(long bits) {
      return (mask & bits) != 0;
    }
  }

  private FanotifyQueue(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Watches the file system that an open directory is on. */
  static FanotifyQueue open(int directory, boolean limited) throws IOException {
    return open(directory, limited, ATTRIBUTES | CLOSED | CREATED | DELETED | RENAMED | DIRECTORY);
  }

  /** Tells of writes and closes alone, and only of as many as the system lets wait. */
  static FanotifyQueue ofWrites(int directory) throws IOException {
    return open(directory, true, MODIFIED | CLOSED);
  }

  private static FanotifyQueue open(int directory, boolean limited, long wanted)
      throws IOException {
    int queue = limited ? 0 : UNLIMITED_QUEUE;
    int flags = CLOSE_ON_EXEC | NON_BLOCKING | queue | NAMES_AND_TARGET;
    int descriptor =
        WatchCalls.orThrow(WatchCalls.fanotify(flags, EVENT_FILES), "cannot use fanotify");
    int marked = HeldCalls.tryFanotify(descriptor, ADD_FILE_SYSTEM, wanted, directory);
    if (marked < 0) {
      WatchCalls.close(descriptor);
      WatchCalls.orThrow(marked, "fanotify cannot watch this file system");
    }
    return new FanotifyQueue(descriptor);
  }

  int descriptor() {
    return descriptor;
  }

  /** Nothing but moves is told any more of the files that are directly in an open directory. */
  void ignore(int directory) {
    // Of files only: the root may be a directory in it.
    long unwanted = MODIFIED | ATTRIBUTES | CLOSED | CREATED | DELETED | ON_CHILDREN;
    // Where the kernel cannot, or keeps no more of these, the events come and are dropped here.
    ignoring |= HeldCalls.tryFanotify(descriptor, ADD_IGNORE, unwanted, directory) >= 0;
  }

  /** Takes back all of {@link #ignore}. */
  void hearAll() {
    if (ignoring) {
      ignoring = false;
      int unused = HeldCalls.tryFanotify(descriptor, FLUSH_DIRECTORIES, 0, descriptor);
    }
  }

  /** Events that wait: the kernel counts the header of each. */
  long waiting() {
    return Math.max(0, WatchCalls.waiting(descriptor, count)) / HEADER_BYTES;
  }

  /** Reads once; how many events, 0 when nothing waits. */
  long read(Consumer<Event> to) throws IOException {
    long bytes = WatchCalls.read(descriptor, buffer);
    if (bytes == -WatchCalls.EAGAIN || bytes == -WatchCalls.EINTR) {
      return 0;
    }
    WatchCalls.orThrow((int) bytes, "cannot read events");
    long events = 0;
    for (long at = 0; at < bytes; at += buffer.get(JAVA_INT.withByteAlignment(1), at)) {
      if (buffer.get(JAVA_BYTE, at + 4) != VERSION) {
        throw new IOException("fanotify speaks another version");
      }
      to.accept(event(at));
      events++;
    }
    return events;
  }

  private Event event(long at) {
    long end = at + integer(at);
    List<Name> names = new ArrayList<>(2);
    long record = at + Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + 6));
    while (record < end) {
      switch (buffer.get(JAVA_BYTE, record)) {
        case 2 -> names.add(name(Role.AT, record));
        case 10 -> names.add(name(Role.MOVED_FROM, record));
        case 12 -> names.add(name(Role.MOVED_TO, record));
        // The object itself: looked at by its name.
        default -> {}
      }
      record += Short.toUnsignedInt(buffer.get(JAVA_SHORT, record + 2));
    }
    return new Event(buffer.get(JAVA_LONG_UNALIGNED, at + 8), integer(at + 20), names);
  }

  private int integer(long at) {
    return buffer.get(JAVA_INT.withByteAlignment(1), at);
  }

  private Name name(Role role, long record) {
    int octets = integer(record + HANDLE);
    byte[] handle =
        buffer.asSlice(record + HANDLE, HANDLE_OCTETS - HANDLE + (long) octets).toArray(JAVA_BYTE);
    return new Name(
        role, Bytes.copyOf(handle), WatchPaths.text(buffer, record + HANDLE_OCTETS + octets));
  }

  @Override
  public void close() {
    WatchCalls.close(descriptor);
  }
}
