package dev.replicator.vault;

import java.time.Duration;
import java.time.Instant;

/**
 * How long and how much is kept.
 *
 * @param bytesMax of all objects that no record needs, in whole blocks
 * @param lack what the disk lacks, whatever the vault may have
 */
public record Bounds(Instant now, Duration retention, long bytesMax, Lack lack) {
  /** A million objects cost a sweep some tens of MiB; beyond that versions go for their number. */
  static final int OBJECTS_MAX = 2 * 1_024 * 1_024;

  /** A sweep makes so much room that the next one has something to do, too. */
  private static final int ROOM_PARTS = 16;

  /** So young nothing is given up for a disk that lacks room. */
  private static final long YOUNG_MILLIS = 3_600_000;

  /** The same of the first and the last version of a path: what was deleted is one of these. */
  private static final long YOUNG_ALONE_MILLIS = 24 * YOUNG_MILLIS;

  /**
   * What a disk lacks.
   *
   * @param reserve bytes until its reserve is there again
   * @param wanted bytes until a file that waits has room beside it, {@code reserve} among them;
   *     nothing goes for a file for which all that may go would not do
   */
  public record Lack(long reserve, long wanted) {
    public static final Lack NONE = new Lack(0, 0);

    /** Of a disk with {@code free} bytes, of which {@code kept} are not to be used. */
    public static Lack of(long free, long kept, long waiting) {
      return new Lack(Math.max(0, kept - free), Math.max(0, kept + waiting - free));
    }

    public boolean isNone() {
      return wanted <= 0;
    }
  }

  /** With a disk that lacks nothing. */
  public Bounds(Instant now, Duration retention, long bytesMax) {
    this(now, retention, bytesMax, Lack.NONE);
  }

  long nowMillis() {
    return now.toEpochMilli();
  }

  /** What arrived before is too old. */
  long expiredMillis() {
    return now.minus(retention).toEpochMilli();
  }

  /** Whether a version may go for want of room on the disk alone. */
  boolean isExpendable(byte worth, long keptSinceMillis) {
    long young = worth == Thinning.ALONE ? YOUNG_ALONE_MILLIS : YOUNG_MILLIS;
    return nowMillis() - keptSinceMillis >= young;
  }

  /** What is left where there was too much. */
  long bytesLeft() {
    return bytesMax - bytesMax / ROOM_PARTS;
  }
}
