package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.replicator.model.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Every system call that takes a path: no other class binds one, but for those of {@link
 * HeldCalls}, and a test sees to it.
 *
 * <p>Whoever owns the tree may put a symbolic link in the place of any directory at any moment. So
 * a path below a root is only ever opened by {@link #openBeneath}, which follows none and leaves
 * neither the root nor its file system; every other call takes a single name in a directory that is
 * open, or the descriptor of an object. What the kernel does by path alone is done through {@code
 * /proc/self/fd/N}: a link of the kernel's own to a descriptor that we hold. Only a directory that
 * the administrator named is opened as it is written.
 */
final class PathCalls {
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  static final int READ = 0;
  static final int READ_WRITE = 2;
  static final int CREATE = 0100 | 0200;
  static final int NON_BLOCKING = 04000 | 0400;
  static final int DIRECTORY = ARM ? 040000 : 0200000;
  static final int NO_FOLLOW = ARM ? 0100000 : 0400000;
  static final int LOCATE = 010000000;

  static final int REPLACE_NOTHING = 1;
  static final int EXCHANGE = 2;
  static final int REMOVE_DIRECTORY = 0x200;

  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int AT_WORKING_DIRECTORY = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final long OPENAT2 = 437;
  private static final long OPEN_HOW_BYTES = 24;

  /** {@code RESOLVE_NO_XDEV | NO_MAGICLINKS | NO_SYMLINKS}. */
  private static final long RESOLVE_HERE = 0x01 | 0x02 | 0x04;

  /** {@code RESOLVE_HERE | RESOLVE_BENEATH}. */
  private static final long RESOLVE = RESOLVE_HERE | 0x08;

  /** Why nothing is served where the kernel has no such call. */
  static final String NO_OPENAT2 = "openat2, of Linux 5.6 and later, is not to be had";

  private static final long TIME_LEFT_AS_IT_IS = (1L << 30) - 2;
  private static final int TRIES_MAX = 64;
  private static final int MOVED_TRIES_MAX = 8;
  private static final byte[] NOTHING = {};
  private static final byte[] PARENT = {'.', '.'};

  private static final MethodHandle SYSCALL =
      CLibrary.variadic("syscall", JAVA_LONG, 1, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle OPEN =
      CLibrary.variadic("open", JAVA_INT, 2, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle STATX =
      CLibrary.function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle READLINKAT =
      CLibrary.function("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle MKDIRAT =
      CLibrary.function("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SYMLINKAT =
      CLibrary.function("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle LINKAT =
      CLibrary.function("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RENAMEAT2 =
      CLibrary.function("renameat2", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle UNLINKAT =
      CLibrary.function("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FCHOWNAT =
      CLibrary.function("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle CHMOD = CLibrary.function("chmod", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTXATTR =
      CLibrary.function("listxattr", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle GETXATTR =
      CLibrary.function("getxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle SETXATTR =
      CLibrary.function("setxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle REMOVEXATTR =
      CLibrary.function("removexattr", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle UTIMENSAT =
      CLibrary.function("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

  private PathCalls() {}

  /** Opens what the administrator named, through any links. */
  static Descriptor openNamed(byte[] path, int flags) throws Errno {
    return open(Scratch.here().first(path), flags);
  }

  /** Opens anew, with other rights, the very object that is held. */
  static Descriptor reopen(int descriptor, int flags) throws Errno {
    return open(held(descriptor), flags);
  }

  private static Descriptor open(MemorySegment path, int flags) throws Errno {
    MemorySegment state = CLibrary.state();
    int result;
    do {
      try {
        result =
            CLibrary.result((int) OPEN.invokeExact(state, path, flags | CLOSE_ON_EXEC, 0), state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
    } while (result == -Errno.EINTR);
    return new Descriptor(Errno.check(result, "open"));
  }

  static Descriptor openBeneath(int directory, byte[] path, int flags) throws Errno {
    return openBeneath(directory, path, 0, path.length, flags);
  }

  /**
   * Opens {@code path} from {@code from} to {@code to}, below {@code directory}: through no
   * symbolic link, nor mount point. A link at its end is itself opened by {@link #LOCATE}.
   */
  static Descriptor openBeneath(int directory, byte[] path, int from, int to, int flags)
      throws Errno {
    return new Descriptor(
        Errno.check(tryBeneath(directory, path, from, to, flags, RESOLVE), "openat2"));
  }

  /** As {@link #openBeneath}; the error number negated when it cannot be opened. */
  static int tryBeneath(int directory, byte[] path, int from, int to, int flags) throws Errno {
    return tryBeneath(directory, path, from, to, flags, RESOLVE);
  }

  /** The directory that holds an open one, to look; the error number negated when there is none. */
  static int tryParent(int directory) throws Errno {
    return tryBeneath(directory, PARENT, 0, PARENT.length, LOCATE | DIRECTORY, RESOLVE_HERE);
  }

  private static int tryBeneath(
      int directory, byte[] path, int from, int to, int flags, long resolve) throws Errno {
    Scratch scratch = Scratch.here();
    MemorySegment text = scratch.first(path, from, to);
    MemorySegment how = scratch.structure;
    how.set(JAVA_LONG, 0, flags | NO_FOLLOW | CLOSE_ON_EXEC);
    how.set(JAVA_LONG, 8, (flags & CREATE) == CREATE ? 0600 : 0);
    how.set(JAVA_LONG, 16, resolve);
    MemorySegment state = CLibrary.state();
    long result = -Errno.EAGAIN;
    for (int tries = 0; isWorthATry(result, tries); tries++) {
      try {
        result =
            CLibrary.result(
                (long) SYSCALL.invokeExact(state, OPENAT2, directory, text, how, OPEN_HOW_BYTES),
                state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
    }
    return (int) result;
  }

  /**
   * A rename somewhere at the same moment, or a signal. What is moved away from below while it is
   * opened gives the answer of a mount point, but a mount point gives it again and again.
   */
  private static boolean isWorthATry(long result, int tries) {
    return result == -Errno.EXDEV
        ? tries < MOVED_TRIES_MAX
        : (result == -Errno.EAGAIN || result == -Errno.EINTR) && tries < TRIES_MAX;
  }

  static FileStatus status(int descriptor) throws Errno {
    return status(descriptor, Scratch.here().first(NOTHING), AT_EMPTY_PATH);
  }

  /** What {@code name} is in an open directory: a C string of one component. */
  static FileStatus status(int directory, MemorySegment name) throws Errno {
    return status(directory, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
  }

  /** What the administrator's path leads to, through any links. */
  static FileStatus statusOfNamed(byte[] path) throws Errno {
    return status(AT_WORKING_DIRECTORY, Scratch.here().first(path), 0);
  }

  private static FileStatus status(int directory, MemorySegment name, int flags) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment answer = Scratch.here().structure;
    int result;
    try {
      result =
          CLibrary.result(
              (int) STATX.invokeExact(state, directory, name, flags, FileStatus.MASK, answer),
              state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "statx");
    return FileStatus.of(answer);
  }

  /** The text of the symbolic link that is held. */
  static Bytes linkText(int descriptor) throws Errno {
    return linkText(descriptor, Scratch.here().first(NOTHING));
  }

  static Bytes linkText(int directory, MemorySegment name) throws Errno {
    MemorySegment state = CLibrary.state();
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment answer = buffer.memory();
      long result;
      try {
        result =
            CLibrary.result(
                (long)
                    READLINKAT.invokeExact(
                        state, directory, name, answer, (long) Scratch.PATH_BYTES_MAX),
                state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
      return Bytes.copyOf(copied(answer, Errno.check(result, "readlinkat")));
    }
  }

  static void makeDirectory(int directory, byte[] name, int mode) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment text = Scratch.here().first(name);
    int result;
    try {
      result = CLibrary.result((int) MKDIRAT.invokeExact(state, directory, text, mode), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "mkdirat");
  }

  static void makeLink(Bytes target, int directory, byte[] name) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment first = Scratch.here().first(target.toArray());
    MemorySegment second = Scratch.here().second(name);
    int result;
    try {
      result = CLibrary.result((int) SYMLINKAT.invokeExact(state, first, directory, second), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "symlinkat");
  }

  /** Gives a file a second name, which must be free. */
  static void link(int from, byte[] name, int to, byte[] second) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment text = Scratch.here().first(name);
    MemorySegment other = Scratch.here().second(second);
    int result;
    try {
      result = CLibrary.result((int) LINKAT.invokeExact(state, from, text, to, other, 0), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "linkat");
  }

  /**
   * @param flags {@link #REPLACE_NOTHING} or {@link #EXCHANGE}
   */
  static void rename(int from, byte[] name, int to, byte[] second, int flags) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment text = Scratch.here().first(name);
    MemorySegment other = Scratch.here().second(second);
    int result;
    try {
      result =
          CLibrary.result((int) RENAMEAT2.invokeExact(state, from, text, to, other, flags), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, Errno.RENAME);
  }

  /**
   * @param flags 0, or {@link #REMOVE_DIRECTORY}
   */
  static void remove(int directory, byte[] name, int flags) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment text = Scratch.here().first(name);
    int result;
    try {
      result = CLibrary.result((int) UNLINKAT.invokeExact(state, directory, text, flags), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "unlinkat");
  }

  /** Gives the object that is held to others; -1 leaves what is there. */
  static void changeOwner(int descriptor, int owner, int group) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment nothing = Scratch.here().first(NOTHING);
    int result;
    try {
      result =
          CLibrary.result(
              (int) FCHOWNAT.invokeExact(state, descriptor, nothing, owner, group, AT_EMPTY_PATH),
              state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "fchownat");
  }

  static void changeMode(int descriptor, int mode) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment path = held(descriptor);
    int result;
    try {
      result = CLibrary.result((int) CHMOD.invokeExact(state, path, mode), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "chmod");
  }

  static void setTime(int descriptor, Instant mtime) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment path = held(descriptor);
    MemorySegment times = Scratch.here().structure;
    times.set(JAVA_LONG, 0, 0L);
    times.set(JAVA_LONG, 8, TIME_LEFT_AS_IT_IS);
    times.set(JAVA_LONG, 16, mtime.getEpochSecond());
    times.set(JAVA_LONG, 24, (long) mtime.getNano());
    int result;
    try {
      result =
          CLibrary.result(
              (int) UTIMENSAT.invokeExact(state, AT_WORKING_DIRECTORY, path, times, 0), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "utimensat");
  }

  /** The names of all extended attributes of what is held, each ended by a NUL. */
  static byte[] attributeNames(int descriptor) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment path = held(descriptor);
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment answer = buffer.memory();
      long result;
      try {
        result =
            CLibrary.result(
                (long) LISTXATTR.invokeExact(state, path, answer, answer.byteSize()), state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
      return copied(answer, Errno.check(result, "listxattr"));
    }
  }

  /** The value of one extended attribute of what is held. */
  static byte[] attribute(int descriptor, byte[] attribute) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment path = held(descriptor);
    MemorySegment text = Scratch.here().second(attribute);
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment answer = buffer.memory();
      long result;
      try {
        result =
            CLibrary.result(
                (long) GETXATTR.invokeExact(state, path, text, answer, answer.byteSize()), state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
      return copied(answer, Errno.check(result, "getxattr"));
    }
  }

  /**
   * @param flags 0, or {@link #REPLACE_NOTHING}
   */
  static void setAttribute(int descriptor, byte[] attribute, byte[] value, int flags) throws Errno {
    if (value.length > Buffer.BYTES) {
      throw new Errno(Errno.E2BIG, "setxattr");
    }
    MemorySegment state = CLibrary.state();
    MemorySegment path = held(descriptor);
    MemorySegment text = Scratch.here().second(attribute);
    int result;
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment copy = buffer.memory();
      MemorySegment.copy(value, 0, copy, JAVA_BYTE, 0, value.length);
      try {
        result =
            CLibrary.result(
                (int) SETXATTR.invokeExact(state, path, text, copy, (long) value.length, flags),
                state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
    }
    Errno.check(result, "setxattr");
  }

  static void removeAttribute(int descriptor, byte[] attribute) throws Errno {
    MemorySegment state = CLibrary.state();
    MemorySegment path = held(descriptor);
    MemorySegment text = Scratch.here().second(attribute);
    int result;
    try {
      result = CLibrary.result((int) REMOVEXATTR.invokeExact(state, path, text), state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    Errno.check(result, "removexattr");
  }

  /** Where what is held is in the whole system, by the kernel's own account. */
  static Bytes nameOf(int descriptor) throws Errno {
    return linkText(AT_WORKING_DIRECTORY, held(descriptor));
  }

  static byte[] copied(MemorySegment from, long length) {
    byte[] octets = new byte[(int) length];
    MemorySegment.copy(from, JAVA_BYTE, 0, octets, 0, octets.length);
    return octets;
  }

  /** The kernel's own name of what is held. */
  static MemorySegment held(int descriptor) throws Errno {
    return Scratch.here()
        .first(("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII));
  }
}
