package dev.replicator.model;

import java.util.OptionalLong;

/**
 * Which directory a root really is, so that an unmounted or replaced one is noticed, and one that
 * is an older state of itself.
 *
 * @param marker random text kept with the root directory itself; empty when absent
 * @param bornMillis when the directory was made; empty where the file system does not tell
 * @param subvolume of the file system, which a snapshot of it is not; empty where there is no such
 *     thing, or nobody asked
 * @param epoch grows with every start, and is kept with the directory; 0 where it cannot be
 */
public record RootIdentity(
    long device,
    long inode,
    String marker,
    OptionalLong bornMillis,
    OptionalLong subvolume,
    long epoch) {

  /*
   * A copy of the root carries its marker, for cp -a copies extended attributes; the number of a
   * device may change with every boot; and the directory at the top of a file system has the same
   * inode on each of its kind. None of them alone tells. A snapshot of the disk has all of them,
   * and an epoch that is over, unless it is of the same run; one within btrfs is another subvolume.
   */

  /** Whoever owns the root may write what he likes beside its marker. */
  public static final long EPOCH_MAX = 1L << 53;

  public RootIdentity {
    if (epoch < 0 || epoch > EPOCH_MAX) {
      throw new IllegalArgumentException("epoch out of bounds: " + epoch);
    }
  }

  /** Of which no more is known. */
  public RootIdentity(long device, long inode, String marker) {
    this(device, inode, marker, OptionalLong.empty(), OptionalLong.empty(), 0);
  }

  /** Whether this is the directory that was {@code known} before, perhaps before a reboot. */
  public boolean isSame(RootIdentity known) {
    return isSameDirectory(known) && !isEarlier(known);
  }

  /** Whether this is a state of {@code known} from before it was seen last. */
  public boolean isEarlierStateOf(RootIdentity known) {
    return isSameDirectory(known) && isEarlier(known);
  }

  /** The same inode, which no other directory has while it is held, whatever is kept with it. */
  public boolean isAtHand(RootIdentity pinned) {
    return device == pinned.device && inode == pinned.inode;
  }

  private boolean isSameDirectory(RootIdentity known) {
    return inode == known.inode
        && mayBeSame(bornMillis, known.bornMillis)
        && mayBeSame(subvolume, known.subvolume)
        && (marker.isEmpty() ? device == known.device : marker.equals(known.marker));
  }

  private static boolean mayBeSame(OptionalLong one, OptionalLong other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  /** Who took the marker away took the epoch with it. */
  private boolean isEarlier(RootIdentity known) {
    return !marker.isEmpty() && epoch < known.epoch;
  }

  public RootIdentity withMarker(String text) {
    return new RootIdentity(device, inode, text, bornMillis, subvolume, epoch);
  }

  public RootIdentity withEpoch(long number) {
    return new RootIdentity(device, inode, marker, bornMillis, subvolume, number);
  }
}
