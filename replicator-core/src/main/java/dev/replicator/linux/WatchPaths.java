package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens and looks at what is beneath a root, never through a symbolic link and never on another
 * mount. Used by one thread at a time. Descriptors are the caller's; errors are negative.
 */
final class WatchPaths implements AutoCloseable {
  /** How a directory is opened that is to be watched and listed. */
  static final int FOR_LISTING = PathCalls.READ | PathCalls.DIRECTORY;

  private static final byte[] HERE = {'.'};

  /** The kernel takes no longer path; what is deeper is opened in steps. */
  private static final int STEP_BYTES_MAX = Scratch.PATH_BYTES_MAX - 1;

  private static final int ENTRY_LENGTH = 16;
  private static final int ENTRY_TYPE = 18;
  private static final int ENTRY_NAME = 19;
  private static final byte TYPE_UNKNOWN = 0;
  private static final byte TYPE_DIRECTORY = 4;

  private final Descriptor root;

  /** The subdirectories of one directory, or why they cannot be listed. */
  record Listing(List<byte[]> directories, int error) {}

  private WatchPaths(Descriptor root) {
    this.root = root;
  }

  /** The root as its administrator names it: links on the way to it are followed. */
  static WatchPaths open(Path root) throws IOException {
    WatchPaths paths;
    try {
      paths = new WatchPaths(PathCalls.openNamed(AdminPath.octets(root), FOR_LISTING));
    } catch (Errno failure) {
      throw new IOException(
          "cannot watch " + root + ": " + WatchCalls.text(failure.number()), failure);
    }
    int same = paths.open(paths.root(), HERE, PathCalls.LOCATE);
    if (same >= 0) {
      WatchCalls.close(same);
      return paths;
    }
    paths.close();
    throw new IOException(
        "cannot watch "
            + root
            + ": "
            + (same == -Errno.ENOSYS || same == -Errno.EPERM
                ? PathCalls.NO_OPENAT2
                : WatchCalls.text(-same)));
  }

  int root() {
    return root.number();
  }

  @Override
  public void close() {
    root.close();
  }

  /** Opens one name in an open directory. */
  int open(int directory, byte[] name, int flags) {
    return open(directory, name, 0, name.length, flags);
  }

  private static int open(int directory, byte[] path, int from, int to, int flags) {
    try {
      return PathCalls.tryBeneath(directory, path, from, to, flags);
    } catch (Errno tooLong) {
      return -tooLong.number();
    }
  }

  /** Opens what is at {@code path} beneath the root now. */
  int open(RelativePath path, int flags) {
    byte[] octets = path.isRoot() ? HERE : path.toArray();
    int directory = root();
    int start = 0;
    while (octets.length - start > STEP_BYTES_MAX) {
      int end = start + STEP_BYTES_MAX;
      while (octets[end] != '/') {
        end--;
      }
      int next = open(directory, octets, start, end, PathCalls.LOCATE | PathCalls.DIRECTORY);
      closeStep(directory);
      if (next < 0) {
        return next;
      }
      directory = next;
      start = end + 1;
    }
    int opened = open(directory, octets, start, octets.length, flags);
    closeStep(directory);
    return opened;
  }

  private void closeStep(int directory) {
    if (directory != root()) {
      WatchCalls.close(directory);
    }
  }

  /** The directory that holds an open one. */
  int parent(int directory) {
    try {
      return PathCalls.tryParent(directory);
    } catch (Errno failure) {
      return -failure.number();
    }
  }

  /** Where an open file is in the whole system; empty when that is too long to be said. */
  byte[] nameOf(int descriptor) {
    try {
      return PathCalls.nameOf(descriptor).toArray();
    } catch (Errno failure) {
      return new byte[0];
    }
  }

  /** The names in an open directory that are, or may be, directories. */
  Listing directories(int directory) {
    List<byte[]> found = new ArrayList<>();
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment list = buffer.memory();
      int filled = DescriptorCalls.entries(directory, list);
      while (filled > 0) {
        addDirectories(list, filled, found);
        filled = DescriptorCalls.entries(directory, list);
      }
      return new Listing(found, 0);
    } catch (Errno failure) {
      return new Listing(found, failure.number());
    }
  }

  private static void addDirectories(MemorySegment list, int filled, List<byte[]> found) {
    int at = 0;
    while (at < filled) {
      byte type = list.get(JAVA_BYTE, at + ENTRY_TYPE);
      if (type == TYPE_DIRECTORY || type == TYPE_UNKNOWN) {
        byte[] name = text(list, at + ENTRY_NAME);
        if (!isDots(name)) {
          found.add(name);
        }
      }
      at += Short.toUnsignedInt(list.get(JAVA_SHORT, at + ENTRY_LENGTH));
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
  Optional<FileStatus> look(RelativePath path) {
    int opened = open(path, PathCalls.LOCATE);
    if (opened < 0) {
      return Optional.empty();
    }
    try {
      return look(opened);
    } finally {
      WatchCalls.close(opened);
    }
  }

  /** Whether somebody has the file at {@code path} open for writing; false where none can tell. */
  boolean isWrittenTo(RelativePath path) {
    int opened = open(path, PathCalls.LOCATE);
    if (opened < 0) {
      return false;
    }
    try (Descriptor object = new Descriptor(opened)) {
      return Reading.isFile(object) && Lease.isRefused(object);
    } catch (IOException unknown) {
      return false;
    }
  }

  Optional<FileStatus> look(int descriptor) {
    try {
      return Optional.of(PathCalls.status(descriptor));
    } catch (Errno gone) {
      return Optional.empty();
    }
  }
}
