package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls of watchers that the kernel offers by path or by handle. None is given a name
 * here: what they take is {@code /proc/self/fd/N}, the kernel's own link to a descriptor that we
 * hold, or a handle that the kernel gave us.
 */
final class HeldCalls {
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int AT_WORKING_DIRECTORY = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int HANDLE_BYTES = 8;
  private static final int HANDLE_OCTETS_MAX = 128;
  private static final byte[] NOTHING = {};

  private static final MethodHandle INOTIFY_ADD_WATCH =
      CLibrary.function("inotify_add_watch", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FANOTIFY_MARK =
      CLibrary.function(
          "fanotify_mark", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
  private static final MethodHandle NAME_TO_HANDLE_AT =
      CLibrary.function(
          "name_to_handle_at", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle OPEN_BY_HANDLE_AT =
      CLibrary.function("open_by_handle_at", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

  private HeldCalls() {}

  /** Watches what is held, wherever it may be by now; the error number negated if it cannot. */
  static int tryInotify(int inotify, int descriptor, int mask) {
    MemorySegment state = CLibrary.state();
    try {
      MemorySegment path = PathCalls.held(descriptor);
      return CLibrary.result(
          (int) INOTIFY_ADD_WATCH.invokeExact(state, inotify, path, mask), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** Marks what is held, or the file system that it is on; the error number negated. */
  static int tryFanotify(int fanotify, int flags, long mask, int descriptor) {
    MemorySegment state = CLibrary.state();
    try {
      MemorySegment path = PathCalls.held(descriptor);
      return CLibrary.result(
          (int) FANOTIFY_MARK.invokeExact(state, fanotify, flags, mask, AT_WORKING_DIRECTORY, path),
          state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** The handle of what is held, as the kernel lays it out. */
  static byte[] handle(int descriptor) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment itself = Scratch.here().first(NOTHING);
    MemorySegment mount = Scratch.here().second(NOTHING);
    MemorySegment handle = Scratch.here().structure;
    handle.set(JAVA_INT, 0, HANDLE_OCTETS_MAX);
    int result;
    try {
      result =
          CLibrary.result(
              (int)
                  NAME_TO_HANDLE_AT.invokeExact(
                      state, descriptor, itself, handle, mount, AT_EMPTY_PATH),
              state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "name_to_handle_at");
    return PathCalls.copied(handle, HANDLE_BYTES + (long) handle.get(JAVA_INT, 0));
  }

  /** Opens what has this handle on the file system of {@code mount}; the error number negated. */
  static int tryHandle(int mount, byte[] handle, int flags) {
    MemorySegment state = CLibrary.state();
    MemorySegment copy = Scratch.here().structure;
    MemorySegment.copy(handle, 0, copy, JAVA_BYTE, 0, handle.length);
    try {
      return CLibrary.result(
          (int) OPEN_BY_HANDLE_AT.invokeExact(state, mount, copy, flags | CLOSE_ON_EXEC), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }
}
