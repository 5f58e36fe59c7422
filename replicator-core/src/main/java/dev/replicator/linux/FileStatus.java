package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.replicator.model.EntryType;
import dev.replicator.model.Stamp;
import java.lang.foreign.MemorySegment;

/**
 * What {@code statx} says of an object.
 *
 * @param stamp without the number of its device: a boot or a mount may give another one to the same
 *     disk, and all that is looked at is on the device of the root, or reported
 * @param allocatedBytes on the disk: less than its size where it has holes
 * @param device as {@code stat} numbers it, and Java with it
 * @param mount the id of the mount through which it was seen
 * @param mountRoot whether it is a mount point
 * @param birthMillis when it was made; 0 where the file system does not keep that
 */
record FileStatus(
    Stamp stamp,
    long allocatedBytes,
    long device,
    long mount,
    boolean mountRoot,
    long birthMillis) {
  /** {@code STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID}. */
  static final int MASK = 0x1fff;

  private static final int BIRTH = 0x800;
  private static final int BLOCK_BYTES = 512;

  private static final long ATTRIBUTE_MOUNT_ROOT = 0x2000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int TYPE_MASK = 0170000;
  private static final int FIFO = 0010000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int DIRECTORY = 0040000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int FILE = 0100000;
  private static final int SYMLINK = 0120000;
  private static final int SOCKET = 0140000;

  /** Reads a {@code struct statx}. */
  static FileStatus of(MemorySegment statx) {
    Stamp stamp =
        new Stamp(
            0,
            statx.get(JAVA_LONG, 32),
            statx.get(JAVA_LONG, 40),
            nanos(statx.get(JAVA_LONG, 112), statx.get(JAVA_INT, 120)),
            nanos(statx.get(JAVA_LONG, 96), statx.get(JAVA_INT, 104)),
            Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
            statx.get(JAVA_INT, 20),
            statx.get(JAVA_INT, 24),
            statx.get(JAVA_INT, 16));
    boolean mountRoot = (statx.get(JAVA_LONG, 8) & ATTRIBUTE_MOUNT_ROOT) != 0;
    boolean born = (statx.get(JAVA_INT, 0) & BIRTH) != 0;
    long birth = statx.get(JAVA_LONG, 80) * 1_000 + statx.get(JAVA_INT, 88) / 1_000_000;
    long device = device(statx.get(JAVA_INT, 136), statx.get(JAVA_INT, 140));
    return new FileStatus(
        stamp,
        statx.get(JAVA_LONG, 48) * BLOCK_BYTES,
        device,
        statx.get(JAVA_LONG, 144),
        mountRoot,
        born ? birth : 0);
  }

  private static long device(int majorNumber, int minorNumber) {
    long major = Integer.toUnsignedLong(majorNumber);
    long minor = Integer.toUnsignedLong(minorNumber);
    return (major & 0xfffff000L) << 32
        | (major & 0xfffL) << 8
        | (minor & 0xffffff00L) << 12
        | (minor & 0xffL);
  }

  /** Times that do not fit, beyond the years 1678 to 2262, become the nearest that does. */
  private static long nanos(long seconds, int nanos) {
    if (Math.abs(seconds) >= Long.MAX_VALUE / NANOS_PER_SECOND) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return seconds * NANOS_PER_SECOND + nanos;
  }

  /** ABSENT for what is not replicated. */
  EntryType type() {
    return switch (stamp.mode() & TYPE_MASK) {
      case DIRECTORY -> EntryType.DIRECTORY;
      case FILE -> EntryType.FILE;
      case SYMLINK -> EntryType.SYMLINK;
      default -> EntryType.ABSENT;
    };
  }

  /** What a thing that is not replicated is called. */
  String kind() {
    return switch (stamp.mode() & TYPE_MASK) {
      case FIFO -> "FIFO";
      case SOCKET -> "socket";
      case BLOCK_DEVICE -> "block device";
      case CHARACTER_DEVICE -> "character device";
      default -> "special file";
    };
  }
}
