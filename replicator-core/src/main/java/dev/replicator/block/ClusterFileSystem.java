package dev.replicator.block;

import java.util.List;

/**
 * OCFS2 on the DRBD device, and the o2cb cluster that mounts it.
 *
 * @param mountPoint where it is mounted, the same on both nodes
 * @param deadThreshold iterations of 2 s after which a silent node is dead
 * @param idleMillis after which a silent connection between the nodes is given up
 */
public record ClusterFileSystem(
    String cluster,
    String label,
    int slots,
    String mountPoint,
    List<String> options,
    int deadThreshold,
    int idleMillis) {
  public static final int DEAD_THRESHOLD_DEFAULT = 31;
  public static final int IDLE_MILLIS_DEFAULT = 30_000;

  public ClusterFileSystem {
    Syntax.cluster(cluster);
    Syntax.label(label);
    Syntax.path(mountPoint);
    options = List.copyOf(options);
    options.forEach(Syntax::mountOption);
    within("slots", slots, BlockLimits.NODES, BlockLimits.SLOTS_MAX);
    within("options", options.size(), 0, BlockLimits.OPTIONS_MAX);
    within("the dead threshold", deadThreshold, 2, BlockLimits.DEAD_THRESHOLD_MAX);
    within("the idle timeout", idleMillis, 5_000, BlockLimits.IDLE_MILLIS_MAX);
  }

  /** Seconds of silence after which o2hb calls a node dead and the silent one resets itself. */
  int deadSeconds() {
    return (deadThreshold - 1) * 2;
  }

  private static void within(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must be from " + min + " to " + max);
    }
  }
}
