package dev.replicator.block;

/** Bounds of everything that a file, a tool or a kernel could make grow. Sizes in characters. */
public final class BlockLimits {
  /** DRBD's own bound is 64 with its terminating zero. */
  public static final int SECRET_CHARACTERS_MAX = 63;

  public static final int SECRET_CHARACTERS_MIN = 8;
  public static final int NAME_CHARACTERS_MAX = 63;

  /** What {@code o2cb add-cluster} takes. */
  public static final int CLUSTER_CHARACTERS_MAX = 16;

  /** What the superblock of OCFS2 has room for. */
  public static final int LABEL_CHARACTERS_MAX = 63;

  public static final int PATH_CHARACTERS_MAX = 255;
  public static final int MINOR_MAX = 1_023;
  public static final int SLOTS_MAX = 32;
  public static final int CLUSTER_NUMBER_MAX = 254;
  public static final int OPTIONS_MAX = 16;
  public static final int NODES = 2;
  public static final int PING_SECONDS_MAX = 120;
  public static final int DEAD_THRESHOLD_MAX = 1_000;
  public static final int IDLE_MILLIS_MAX = 600_000;
  public static final int FENCE_SECONDS_MAX = 300;
  public static final long RESYNC_KIB_MAX = 4L * 1_024 * 1_024;

  /** Of one transcript, table or answer of a tool. */
  static final int LINES_MAX = 20_000;

  /** Of one plan: the way from blank disks to healthy takes about 20. */
  static final int STEPS_MAX = 64;

  private BlockLimits() {}
}
