package dev.replicator.block;

/**
 * How far a sync or a verify is. The percentage of the kernel is not taken: it can read 100.0 while
 * half is left (transcript 16), and that of {@code status} always reads so during a verify.
 */
public record Progress(boolean verify, long leftKib, long totalKib) {
  public Progress {
    if (leftKib < 0 || totalKib < leftKib) {
      throw new IllegalArgumentException(leftKib + " KiB left of " + totalKib);
    }
  }

  /** From 0 to 100, which is reached only when nothing is left. */
  public int percent() {
    return totalKib == 0 ? 100 : (int) ((totalKib - leftKib) * 100 / totalKib);
  }
}
