package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The calls of watchers that work on descriptors alone. Each returns what the function did, or the
 * error number negated.
 */
final class WatchCalls {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EMFILE = 24;
  static final int ENOSPC = 28;
  static final int ENAMETOOLONG = 36;
  static final int ELOOP = 40;
  static final int ESTALE = 116;

  static final short POLLIN = 1;

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int NON_BLOCKING = 0x800;
  private static final long FIONREAD = 0x541B;
  private static final long MESSAGE_BYTES_MAX = 256;

  private static final MethodHandle CLOSE = CLibrary.function("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle READ =
      CLibrary.function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle POLL =
      CLibrary.function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENTFD =
      CLibrary.function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD_WRITE =
      CLibrary.function("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle IOCTL =
      CLibrary.variadic("ioctl", JAVA_INT, 2, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle STRERROR = CLibrary.function("strerror", ADDRESS, JAVA_INT);
  private static final MethodHandle INOTIFY_INIT =
      CLibrary.function("inotify_init1", JAVA_INT, JAVA_INT);
  private static final MethodHandle INOTIFY_REMOVE =
      CLibrary.function("inotify_rm_watch", JAVA_INT, JAVA_INT, JAVA_INT);

  private static final MethodHandle FANOTIFY_INIT =
      CLibrary.function("fanotify_init", JAVA_INT, JAVA_INT, JAVA_INT);

  private WatchCalls() {}

  static void close(int descriptor) {
    MemorySegment state = CLibrary.state();
    try {
      // Whatever it says, the descriptor is gone.
      int unused = (int) CLOSE.invokeExact(state, descriptor);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  static long read(int descriptor, MemorySegment into) {
    MemorySegment state = CLibrary.state();
    try {
      long read = (long) READ.invokeExact(state, descriptor, into, into.byteSize());
      return CLibrary.result(read, state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  static int poll(MemorySegment waits, int count, int millis) {
    MemorySegment state = CLibrary.state();
    try {
      return CLibrary.result((int) POLL.invokeExact(state, waits, (long) count, millis), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** A counter that wakes who polls it. */
  static int counter() {
    MemorySegment state = CLibrary.state();
    try {
      int flags = CLOSE_ON_EXEC | NON_BLOCKING;
      return CLibrary.result((int) EVENTFD.invokeExact(state, 0, flags), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  static void count(int counter) {
    MemorySegment state = CLibrary.state();
    try {
      // It can only fail when the counter is full, and then it wakes all the same.
      int unused = (int) EVENTFD_WRITE.invokeExact(state, counter, 1L);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** How much waits to be read: {@code into} takes an int. */
  static int waiting(int descriptor, MemorySegment into) {
    MemorySegment state = CLibrary.state();
    try {
      int result = (int) IOCTL.invokeExact(state, descriptor, FIONREAD, into);
      return result < 0 ? CLibrary.result(result, state) : into.get(JAVA_INT, 0);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  static int inotify() {
    MemorySegment state = CLibrary.state();
    try {
      int flags = CLOSE_ON_EXEC | NON_BLOCKING;
      return CLibrary.result((int) INOTIFY_INIT.invokeExact(state, flags), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  static int inotifyRemove(int inotify, int watch) {
    MemorySegment state = CLibrary.state();
    try {
      return CLibrary.result((int) INOTIFY_REMOVE.invokeExact(state, inotify, watch), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  static int fanotify(int flags, int eventFlags) {
    MemorySegment state = CLibrary.state();
    try {
      return CLibrary.result((int) FANOTIFY_INIT.invokeExact(state, flags, eventFlags), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** What the C library calls an error. */
  static String text(int error) {
    MemorySegment state = CLibrary.state();
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(state, error);
      return text.reinterpret(MESSAGE_BYTES_MAX).getString(0);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** What was returned, unless it is an error. */
  static int orThrow(int returned, String what) throws IOException {
    if (returned < 0) {
      throw new IOException(what + ": " + text(-returned));
    }
    return returned;
  }
}
