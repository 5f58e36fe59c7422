package dev.replicator.model;

/**
 * What {@code statx} said of a path. Two equal stamps mean that nothing was written in between, if
 * the first was told after {@link #youngUntilMillis}: file systems tell the time in ticks.
 *
 * @param device the number of the device, or 0 where the tree makes sure that all is on the one of
 *     the root
 * @param mode type and permission bits as in {@code st_mode}
 * @param mtimeNanos nanoseconds since the epoch
 * @param ctimeNanos nanoseconds since the epoch; 0 where the platform does not tell
 */
public record Stamp(
    long device,
    long inode,
    long size,
    long mtimeNanos,
    long ctimeNanos,
    int mode,
    int uid,
    int gid,
    int links) {
  /** Two of the longest ticks: that of the machine's clock may be another. */
  public static final long YOUNG_MILLIS = 20;

  /** Small inodes of ext4, and ext3, have room for no more than seconds. */
  private static final long SECOND_MILLIS = 1_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /**
   * Up to when, in milliseconds since the epoch, a file with this stamp may have been written to
   * once more and have it still. Where a ctime is one of whole seconds, it is taken for a time that
   * knows no less.
   */
  public long youngUntilMillis() {
    boolean whole = ctimeNanos % (SECOND_MILLIS * NANOS_PER_MILLI) == 0;
    return ctimeMillis() + (whole ? SECOND_MILLIS : 0) + YOUNG_MILLIS;
  }

  /** Since the epoch. */
  public long ctimeMillis() {
    return ctimeNanos / NANOS_PER_MILLI;
  }

  public FileKey file() {
    return new FileKey(device, inode);
  }

  /** Whether {@code later} may be the same file, to which somebody appended since. */
  public boolean isContinuedBy(Stamp later) {
    return device == later.device && inode == later.inode && size <= later.size;
  }

  /** Whether both are the same object with the same content and metadata, whatever its ctime. */
  public boolean equalsExceptCtime(Stamp other) {
    return device == other.device
        && inode == other.inode
        && size == other.size
        && mtimeNanos == other.mtimeNanos
        && mode == other.mode
        && uid == other.uid
        && gid == other.gid;
  }

  /** Whether both are the same directory with the same metadata, whatever is in it. */
  public boolean equalsExceptContent(Stamp other) {
    return device == other.device
        && inode == other.inode
        && mode == other.mode
        && uid == other.uid
        && gid == other.gid;
  }
}
