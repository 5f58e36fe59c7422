package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.replicator.port.Tree.Space;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalLong;

/** System calls on descriptors alone: none takes a path. */
final class DescriptorCalls {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int DONT_NEED = 4;
  private static final long BTRFS = 0x9123683eL;

  private static final MethodHandle CLOSE = CLibrary.function("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle PREAD =
      CLibrary.function("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PWRITE =
      CLibrary.function("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FTRUNCATE =
      CLibrary.function("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle LSEEK =
      CLibrary.function("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle FSTATVFS =
      CLibrary.function("fstatvfs", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle FSTATFS =
      CLibrary.function("fstatfs", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle FADVISE =
      CLibrary.function("posix_fadvise", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SYNCFS = CLibrary.function("syncfs", JAVA_INT, JAVA_INT);
  private static final MethodHandle FSYNC = CLibrary.function("fsync", JAVA_INT, JAVA_INT);
  private static final MethodHandle GETDENTS =
      CLibrary.function("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle GETEUID = CLibrary.function("geteuid", JAVA_INT);
  private static final MethodHandle FCNTL =
      CLibrary.variadic("fcntl", JAVA_INT, 2, JAVA_INT, JAVA_INT, JAVA_INT);

  private DescriptorCalls() {}

  /** An error of close says nothing of use: the descriptor is closed all the same. */
  static void close(int descriptor) {
    try {
      int ignored = (int) CLOSE.invokeExact(CLibrary.state(), descriptor);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** The number of bytes read, 0 at the end. */
  static int read(int descriptor, MemorySegment into, long bytes, long position) throws Errno {
    MemorySegment state = CLibrary.state();
    long result;
    do {
      try {
        result =
            CLibrary.result(
                (long) PREAD.invokeExact(state, descriptor, into, bytes, position), state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
    } while (result == -Errno.EINTR);
    return (int) Errno.check(result, "pread");
  }

  /** The number of bytes written, which may be less than asked. */
  static int write(int descriptor, MemorySegment from, long bytes, long position) throws Errno {
    MemorySegment state = CLibrary.state();
    long result;
    do {
      try {
        result =
            CLibrary.result(
                (long) PWRITE.invokeExact(state, descriptor, from, bytes, position), state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
    } while (result == -Errno.EINTR);
    return (int) Errno.check(result, "pwrite");
  }

  static void truncate(int descriptor, long size) throws Errno {
    MemorySegment state = CLibrary.state();
    int result;
    try {
      result = CLibrary.result((int) FTRUNCATE.invokeExact(state, descriptor, size), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "ftruncate");
  }

  /** Where data begins at or after {@code position}; the end when only a hole is left. */
  static long nextData(int descriptor, long position) throws Errno {
    long next = seek(descriptor, position, SEEK_DATA);
    if (next == -Errno.ENXIO) {
      return Math.max(position, PathCalls.status(descriptor).stamp().size());
    }
    // Where the file system knows no holes everything is data.
    return next < 0 ? position : next;
  }

  /** Where a hole begins at or after {@code position}, at the latest at the end. */
  static long nextHole(int descriptor, long position) throws Errno {
    long next = seek(descriptor, position, SEEK_HOLE);
    return next < 0 ? Math.max(position, PathCalls.status(descriptor).stamp().size()) : next;
  }

  private static long seek(int descriptor, long position, int whence) {
    MemorySegment state = CLibrary.state();
    try {
      return CLibrary.result((long) LSEEK.invokeExact(state, descriptor, position, whence), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** Lets go what memory holds of a file and the disk has too; that is a wish, and may fail. */
  static void dropCached(int descriptor) {
    try {
      int ignored = (int) FADVISE.invokeExact(CLibrary.state(), descriptor, 0L, 0L, DONT_NEED);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** The room of a file system. */
  static Space space(int descriptor) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment answer = Scratch.here().structure;
    int result;
    try {
      result = CLibrary.result((int) FSTATVFS.invokeExact(state, descriptor, answer), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "fstatvfs");
    long block = answer.get(JAVA_LONG, 8);
    return new Space(
        block * answer.get(JAVA_LONG, 16),
        block * answer.get(JAVA_LONG, 32),
        answer.get(JAVA_LONG, 40),
        answer.get(JAVA_LONG, 56));
  }

  /**
   * The subvolume of btrfs that holds what is open, from the id of the file system and its own: it
   * stays over mounts and boots, and a snapshot has another one. Of other file systems that number
   * may be that of a device, and is not told.
   */
  static OptionalLong subvolume(int descriptor) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment answer = Scratch.here().structure;
    int result;
    try {
      result = CLibrary.result((int) FSTATFS.invokeExact(state, descriptor, answer), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "fstatfs");
    return answer.get(JAVA_LONG, 0) == BTRFS
        ? OptionalLong.of(answer.get(JAVA_LONG, 56))
        : OptionalLong.empty();
  }

  /** Returns once all of a file system is on stable storage. */
  static void syncFileSystem(int descriptor) throws Errno {
    MemorySegment state = CLibrary.state();
    int result;
    try {
      result = CLibrary.result((int) SYNCFS.invokeExact(state, descriptor), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "syncfs");
  }

  static void sync(int descriptor) throws Errno {
    MemorySegment state = CLibrary.state();
    int result;
    try {
      result = CLibrary.result((int) FSYNC.invokeExact(state, descriptor), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "fsync");
  }

  /** Fills {@code into} with entries of a directory; tells how many bytes, 0 at the end. */
  static int entries(int descriptor, MemorySegment into) throws Errno {
    MemorySegment state = CLibrary.state();
    long result;
    try {
      result =
          CLibrary.result(
              (long) GETDENTS.invokeExact(state, descriptor, into, into.byteSize()), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    return (int) Errno.check(result, "getdents64");
  }

  /** The user whose rights this process has. */
  static int user() {
    try {
      return (int) GETEUID.invokeExact(CLibrary.state());
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** The result, or the error number negated. */
  static int control(int descriptor, int command, int argument) {
    MemorySegment state = CLibrary.state();
    try {
      return CLibrary.result((int) FCNTL.invokeExact(state, descriptor, command, argument), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }
}
