package dev.replicator.block;

/**
 * How DRBD authenticates, checks, resyncs, and notices that the peer is gone.
 *
 * @param resyncKib per second
 * @param pingSeconds of silence after which the peer is asked whether it lives
 */
public record DrbdTuning(
    Keyword.Algorithm authentication, Keyword.Algorithm verify, long resyncKib, int pingSeconds) {
  public static final int PING_SECONDS_DEFAULT = 10;
  public static final long RESYNC_KIB_DEFAULT = 32 * 1_024;

  public DrbdTuning {
    if (resyncKib < 1 || resyncKib > BlockLimits.RESYNC_KIB_MAX) {
      throw new IllegalArgumentException(
          "the resync rate must be from 1 to " + BlockLimits.RESYNC_KIB_MAX + " KiB/s");
    }
    if (pingSeconds < 1 || pingSeconds > BlockLimits.PING_SECONDS_MAX) {
      throw new IllegalArgumentException(
          "the ping must be from 1 to " + BlockLimits.PING_SECONDS_MAX + " s");
    }
  }

  /**
   * The longest time until DRBD notices a dead link: one interval until it pings, one until it
   * gives up, as recorded (10 to 21 s at 10 s).
   */
  int detectionSecondsMax() {
    return 2 * pingSeconds + 1;
  }

  /** Parses 8M, 512K, 1G, per second, to KiB. */
  public static long rate(String text) {
    if (!text.matches("[1-9][0-9]{0,9}[KMG]")) {
      throw new IllegalArgumentException("\"" + text + "\" must be a number and K, M or G, as 8M");
    }
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'M' -> number * 1_024;
      case 'G' -> number * 1_024 * 1_024;
      default -> number;
    };
  }
}
