package dev.replicator.model;

/**
 * What {@code statx} said of a path. Two equal stamps mean that nothing was written in between, if
 * the ctime is older than {@link #YOUNG_MILLIS} by the time of the first: file systems tell the
 * time in ticks.
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
