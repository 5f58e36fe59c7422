package dev.replicator.vault;

import java.time.Duration;
import java.time.Instant;

/**
 * How long and how much is kept.
 *
 * @param bytesMax of all objects that no record needs, in whole blocks
 */
public record Bounds(Instant now, Duration retention, long bytesMax) {
  /** A million objects cost a sweep some tens of MiB; beyond that versions go for their number. */
  static final int OBJECTS_MAX = 2 * 1_024 * 1_024;

  /** A sweep makes so much room that the next one has something to do, too. */
  private static final int ROOM_PARTS = 16;

  long nowMillis() {
    return now.toEpochMilli();
  }

  /** What arrived before is too old. */
  long expiredMillis() {
    return now.minus(retention).toEpochMilli();
  }

  /** What is left where there was too much. */
  long bytesLeft() {
    return bytesMax - bytesMax / ROOM_PARTS;
  }
}
