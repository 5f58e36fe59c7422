package dev.replicator.model;

/**
 * Chunks that one file has of another, and the new ones behind them.
 *
 * @param from place in the other file of the first chunk that is taken
 * @param count how many are taken from there
 * @param fresh how many new ones follow
 */
public record DeltaRun(int from, int count, int fresh) {
  public DeltaRun {
    if (from < 0 || count < 0 || fresh < 0) {
      throw new IllegalArgumentException("run of " + count + " from " + from + " and " + fresh);
    }
  }
}
