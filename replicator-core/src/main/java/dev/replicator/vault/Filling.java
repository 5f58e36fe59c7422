package dev.replicator.vault;

import java.util.BitSet;

/** How full a vault is: what the last sweep counted, and what arrived since. Thread-safe. */
public final class Filling {
  /** After so many a sweep looks whether there are too many, however small they are. */
  private static final int ARRIVALS_MAX = 262_144;

  private Runnable over = () -> {};
  private Level level = Level.UNKNOWN;

  /** Without what records need. */
  private long countedBytes;

  private long arrivedBytes;
  private int arrived;
  private long seenBytes;
  private int seen;

  /**
   * What fills a vault.
   *
   * @param bytes that it takes of the disk, what records need among them
   * @param bytesMax of what no record needs; 0 before the first sweep
   * @param oldestMillis arrival of the oldest that no record needs; 0 when there is none
   */
  public record Level(long bytes, long bytesMax, long versions, long oldestMillis) {
    public static final Level UNKNOWN = new Level(0, 0, 0, 0);
  }

  /** Has {@code task} run with every arrival that is too much; it may come from any thread. */
  public synchronized void whenOver(Runnable task) {
    over = task;
  }

  /** As the last sweep left it, with what arrived since; all zero before the first sweep. */
  public synchronized Level level() {
    return level.bytesMax() == 0
        ? level
        : new Level(
            level.bytes() + arrivedBytes,
            level.bytesMax(),
            level.versions() + arrived,
            level.oldestMillis());
  }

  /** A look begins: what arrives from now on may be counted twice, but is not missed. */
  synchronized void begin() {
    seenBytes = arrivedBytes;
    seen = arrived;
  }

  void arrived(long bytes) {
    arrive(bytes).run();
  }

  private synchronized Runnable arrive(long bytes) {
    arrivedBytes += Holdings.footprint(bytes);
    arrived++;
    return isOver() ? over : () -> {};
  }

  /** All of {@code holdings} is there; {@code going} is what goes. */
  synchronized void chosen(Holdings holdings, BitSet going, Bounds bounds) {
    arrivedBytes -= seenBytes;
    arrived -= seen;
    seenBytes = 0;
    seen = 0;
    long all = 0;
    long oldest = Long.MAX_VALUE;
    countedBytes = 0;
    for (int index = 0; index < holdings.size(); index++) {
      all += holdings.bytes(index);
      if (!holdings.isNeeded(index)) {
        countedBytes += holdings.bytes(index);
        oldest = going.get(index) ? oldest : Math.min(oldest, holdings.arrivalMillis(index));
      }
    }
    level =
        new Level(all, bounds.bytesMax(), holdings.size(), oldest == Long.MAX_VALUE ? 0 : oldest);
  }

  /** Tells whether it still is too much. */
  synchronized boolean left(int removed, long removedBytes) {
    countedBytes -= removedBytes;
    level =
        new Level(
            level.bytes() - removedBytes,
            level.bytesMax(),
            level.versions() - removed,
            level.oldestMillis());
    return isOver();
  }

  /** Whether it is too much, as far as that is known without a look. */
  public synchronized boolean isOver() {
    return level.bytesMax() > 0
        && (countedBytes + arrivedBytes > level.bytesMax() || arrived > ARRIVALS_MAX);
  }
}
