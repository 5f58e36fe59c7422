package dev.replicator.block;

import java.util.OptionalLong;

/**
 * The state of a resource as one node sees it.
 *
 * @param frozen whether I/O is suspended until a handler has answered
 * @param outOfSyncKib blocks known to differ; empty where a tool does not tell
 */
public record Drbd(
    Role role,
    boolean frozen,
    DiskState disk,
    Connection connection,
    Role peerRole,
    Replication replication,
    DiskState peerDisk,
    OptionalLong outOfSyncKib) {
  boolean connected() {
    return connection == Connection.CONNECTED;
  }

  boolean bothUpToDate() {
    return disk == DiskState.UP_TO_DATE && peerDisk == DiskState.UP_TO_DATE;
  }

  /** As {@code drbdadm} would show it in three words. */
  String text() {
    String link =
        connected() && replication != Replication.ESTABLISHED
            ? replication.text()
            : connection.text();
    return link
        + " "
        + role.text()
        + "/"
        + peerRole.text()
        + " "
        + disk.text()
        + "/"
        + peerDisk.text();
  }

  Drbd withRole(Role value) {
    return new Drbd(value, frozen, disk, connection, peerRole, replication, peerDisk, outOfSyncKib);
  }

  Drbd withDisk(DiskState value) {
    return new Drbd(role, frozen, value, connection, peerRole, replication, peerDisk, outOfSyncKib);
  }

  Drbd withLink(Connection link, Role peer, Replication work, DiskState peersDisk) {
    return new Drbd(role, frozen, disk, link, peer, work, peersDisk, outOfSyncKib);
  }

  Drbd withReplication(Replication value) {
    return new Drbd(role, frozen, disk, connection, peerRole, value, peerDisk, outOfSyncKib);
  }

  Drbd withOutOfSync(long kib) {
    return new Drbd(
        role, frozen, disk, connection, peerRole, replication, peerDisk, OptionalLong.of(kib));
  }

  Drbd thawed() {
    return new Drbd(role, false, disk, connection, peerRole, replication, peerDisk, outOfSyncKib);
  }
}
