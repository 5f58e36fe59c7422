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

  /** With 7, as DRBD has it, a write could wait for longer than o2hb does. */
  static final int KO_COUNT = 3;

  /** DRBD's own, which is not changed. */
  private static final int TIMEOUT_SECONDS = 6;

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
   * The longest time until DRBD gives the peer up. A dead link: one interval until it pings, one
   * until it gives up, as recorded (10 to 21 s at 10 s). A link that lives, and a peer whose disk
   * does not answer: {@link #KO_COUNT} times its own timeout.
   */
  int detectionSecondsMax() {
    return Math.max(2 * pingSeconds + 1, KO_COUNT * TIMEOUT_SECONDS);
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
