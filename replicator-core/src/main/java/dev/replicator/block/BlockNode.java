package dev.replicator.block;

/**
 * One of the two machines.
 *
 * @param name its host name, as {@code uname -n} prints it
 * @param disk the backing disk there, which belongs to DRBD alone
 * @param address where its DRBD listens
 * @param number its number in the cluster of OCFS2, different on both
 * @param cluster where its o2net listens
 */
public record BlockNode(String name, String disk, Endpoint address, int number, Endpoint cluster) {
  public BlockNode {
    Syntax.host(name);
    Syntax.disk(disk);
    if (number < 0 || number > BlockLimits.CLUSTER_NUMBER_MAX) {
      throw new IllegalArgumentException(
          "the number of " + name + " must be from 0 to " + BlockLimits.CLUSTER_NUMBER_MAX);
    }
  }
}
