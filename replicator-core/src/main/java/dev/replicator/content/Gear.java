package dev.replicator.content;

/**
 * The rolling hash that finds the ends of chunks. Table and masks are protocol constants: a node
 * with others would cut the same bytes elsewhere and see every file as different.
 *
 * <p>The table is the first 256 outputs of SplitMix64 started with the state {@link #SEED}, indexed
 * by the byte as an unsigned number.
 */
final class Gear {
  /** "replicat" in ASCII. */
  static final long SEED = 0x7265706c69636174L;

  /** Bytes that a hash depends on: each shifts out after 64 others. */
  static final int WINDOW_BYTES = 64;

  /**
   * Below the average length a cut needs 18 zero bits, above it only 14: normalised chunking of
   * level 2 around 16 bits. The upper bits are the ones that the whole window has stirred.
   */
  static final long MASK_BELOW_AVERAGE = -1L << (64 - 18);

  static final long MASK_ABOVE_AVERAGE = -1L << (64 - 14);

  static final long[] TABLE = table();

  private Gear() {}

  private static long[] table() {
    long[] table = new long[256];
    long state = SEED;
    for (int index = 0; index < table.length; index++) {
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      table[index] = mixed ^ (mixed >>> 31);
    }
    return table;
  }
}
