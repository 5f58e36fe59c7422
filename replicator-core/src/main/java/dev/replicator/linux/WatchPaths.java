package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Opens and looks at what is beneath a root, never through a symbolic link and never on another
 * mount. Used by one thread at a time. Descriptors are the caller's; errors are negative.
 */
final class WatchPaths implements AutoCloseable {
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int NO_FOLLOW = ARM ? 0x8000 : 0x20000;
  private static final int DIRECTORY = (ARM ? 0x4000 : 0x10000) | CLOSE_ON_EXEC;
  private static final int ONLY_TO_LOOK = 0x200000 | NO_FOLLOW | CLOSE_ON_EXEC;

  /** How a directory is opened that is to be watched and listed. */
  static final int FOR_LISTING = DIRECTORY | NO_FOLLOW;

  private static final long OPENAT2 = 437;
  private static final long NO_MOUNTS_NO_MAGIC_NO_LINKS_BENEATH = 1 | 2 | 4 | 8;
  private static final long NO_MOUNTS_NO_MAGIC_NO_LINKS = 1 | 2 | 4;
  private static final long HOW_BYTES = 24;

  /** The kernel takes no longer path; what is deeper is opened in steps. */
  private static final int STEP_BYTES_MAX = 4_000;

  private static final int NAME_ROOM = STEP_BYTES_MAX + Limits.NAME_BYTES_MAX + 2;
  private static final int LIST_BYTES = 32 * 1024;
  private static final int ENTRY_NAME = 19;
  private static final byte TYPE_UNKNOWN = 0;
  private static final byte TYPE_DIRECTORY = 4;

  private static final int STATX_BYTES = 256;
  private static final int STATX_WANTED = 0x1 | 0x4 | 0x100 | 0x800;
  private static final int STATX_BIRTH = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;

  private static final MethodHandle OPEN =
      CLibrary.variadic("open", JAVA_INT, 2, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle SYSCALL =
      CLibrary.variadic("syscall", JAVA_LONG, 1, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle GETDENTS =
      CLibrary.function("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle STATX =
      CLibrary.function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

  private static final MethodHandle READLINK =
      CLibrary.function("readlink", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);

  private final MemorySegment how = Arena.ofAuto().allocate(HOW_BYTES, Long.BYTES);
  private final MemorySegment name = Arena.ofAuto().allocate(NAME_ROOM);
  private final MemorySegment list = Arena.ofAuto().allocate(LIST_BYTES, Long.BYTES);
  private final MemorySegment stat = Arena.ofAuto().allocate(STATX_BYTES, Long.BYTES);
  private final int root;

  /** What is there under a name; {@code birthMillis} is 0 where the file system keeps none. */
  record Seen(boolean regular, long links, long inode, long birthMillis) {}

  /** The subdirectories of one directory, or why they cannot be listed. */
  record Listing(List<byte[]> directories, int error) {}

  private WatchPaths(int root) {
    this.root = root;
  }

  /** The root as its administrator names it: links on the way to it are followed. */
  static WatchPaths open(Path root) throws IOException {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding"));
    MemorySegment state = CLibrary.state();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(root.toString(), charset);
      int opened = (int) OPEN.invokeExact(state, path, DIRECTORY, 0);
      return new WatchPaths(
          WatchCalls.orThrow(CLibrary.result(opened, state), "cannot watch " + root));
    } catch (IOException failure) {
      throw failure;
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  int root() {
    return root;
  }

  @Override
  public void close() {
    WatchCalls.close(root);
  }

  /** Opens one name in an open directory. */
  int open(int directory, byte[] octets, int flags) {
    return open(directory, octets, flags, NO_MOUNTS_NO_MAGIC_NO_LINKS_BENEATH);
  }

  private int open(int directory, byte[] octets, int flags, long resolve) {
    MemorySegment.copy(octets, 0, name, JAVA_BYTE, 0, octets.length);
    name.set(JAVA_BYTE, octets.length, (byte) 0);
    how.set(JAVA_LONG, 0, flags);
    how.set(JAVA_LONG, 8, 0);
    how.set(JAVA_LONG, 16, resolve);
    MemorySegment state = CLibrary.state();
    try {
      long opened = (long) SYSCALL.invokeExact(state, OPENAT2, directory, name, how, HOW_BYTES);
      return (int) CLibrary.result(opened, state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** Opens what is at {@code path} beneath the root now. */
  int open(RelativePath path, int flags) {
    if (path.isRoot()) {
      return open(root, new byte[] {'.'}, flags);
    }
    byte[] octets = path.toArray();
    int directory = root;
    int start = 0;
    while (octets.length - start > STEP_BYTES_MAX) {
      int end = start + STEP_BYTES_MAX;
      while (octets[end] != '/') {
        end--;
      }
      int next = open(directory, Arrays.copyOfRange(octets, start, end), DIRECTORY);
      closeStep(directory);
      if (next < 0) {
        return next;
      }
      directory = next;
      start = end + 1;
    }
    int opened = open(directory, Arrays.copyOfRange(octets, start, octets.length), flags);
    closeStep(directory);
    return opened;
  }

  private void closeStep(int directory) {
    if (directory != root) {
      WatchCalls.close(directory);
    }
  }

  /** The directory that holds an open one. */
  int parent(int directory) {
    return open(directory, new byte[] {'.', '.'}, ONLY_TO_LOOK, NO_MOUNTS_NO_MAGIC_NO_LINKS);
  }

  /** Where an open file is in the whole system; empty when that is too long to be said. */
  byte[] nameOf(int descriptor) {
    byte[] proc = ("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(proc, 0, name, JAVA_BYTE, 0, proc.length);
    name.set(JAVA_BYTE, proc.length, (byte) 0);
    MemorySegment state = CLibrary.state();
    try {
      long length = (long) READLINK.invokeExact(state, name, list, (long) LIST_BYTES);
      return length < 0 ? new byte[0] : list.asSlice(0, length).toArray(JAVA_BYTE);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** The names in an open directory that are, or may be, directories. */
  Listing directories(int directory) {
    List<byte[]> found = new ArrayList<>();
    while (true) {
      long bytes = entries(directory);
      if (bytes <= 0) {
        return new Listing(found, (int) -bytes);
      }
      for (long at = 0; at < bytes; at += Short.toUnsignedInt(list.get(JAVA_SHORT, at + 16))) {
        byte type = list.get(JAVA_BYTE, at + 18);
        if (type == TYPE_DIRECTORY || type == TYPE_UNKNOWN) {
          byte[] octets = text(list, at + ENTRY_NAME);
          if (!isDots(octets)) {
            found.add(octets);
          }
        }
      }
    }
  }

  private long entries(int directory) {
    MemorySegment state = CLibrary.state();
    try {
      long bytes = (long) GETDENTS.invokeExact(state, directory, list, (long) LIST_BYTES);
      return CLibrary.result(bytes, state);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  private static boolean isDots(byte[] octets) {
    return octets[0] == '.' && (octets.length == 1 || (octets.length == 2 && octets[1] == '.'));
  }

  /** The bytes up to the next NUL. */
  static byte[] text(MemorySegment segment, long start) {
    long end = start;
    while (segment.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] octets = new byte[(int) (end - start)];
    MemorySegment.copy(segment, JAVA_BYTE, start, octets, 0, octets.length);
    return octets;
  }

  /** What is at {@code path} now; empty when it is gone or cannot be told. */
  Optional<Seen> look(RelativePath path) {
    int opened = open(path, ONLY_TO_LOOK);
    if (opened < 0) {
      return Optional.empty();
    }
    try {
      return look(opened);
    } finally {
      WatchCalls.close(opened);
    }
  }

  Optional<Seen> look(int descriptor) {
    name.set(JAVA_BYTE, 0, (byte) 0);
    MemorySegment state = CLibrary.state();
    int result;
    try {
      result = (int) STATX.invokeExact(state, descriptor, name, AT_EMPTY_PATH, STATX_WANTED, stat);
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
    if (result < 0) {
      return Optional.empty();
    }
    boolean regular = (stat.get(JAVA_SHORT, 28) & TYPE_MASK) == REGULAR;
    boolean born = (stat.get(JAVA_INT, 0) & STATX_BIRTH) != 0;
    long birth = stat.get(JAVA_LONG, 80) * 1_000 + stat.get(JAVA_INT, 88) / 1_000_000;
    return Optional.of(
        new Seen(regular, stat.get(JAVA_INT, 16), stat.get(JAVA_LONG, 32), born ? birth : 0));
  }
}
