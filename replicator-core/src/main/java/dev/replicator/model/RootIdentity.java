package dev.replicator.model;

/**
 * Which directory a root really is, so that an unmounted or replaced one is noticed.
 *
 * @param marker random text kept with the root directory itself; empty when absent
 */
public record RootIdentity(long device, long inode, String marker) {

  /*
   * A copy of the root carries its marker, for cp -a copies extended attributes; and the number of
   * a device may change with every boot. Neither alone tells.
   */

  /** Whether this is the directory that was {@code known} before, perhaps before a reboot. */
  public boolean isSame(RootIdentity known) {
    return inode == known.inode
        && (marker.isEmpty() ? device == known.device : marker.equals(known.marker));
  }
}
