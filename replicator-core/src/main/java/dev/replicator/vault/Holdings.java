package dev.replicator.vault;

import dev.replicator.model.Digest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * What the vault holds at one moment, in the order of digests: some thirty bytes an object, since
 * there may be millions. Two digests that begin alike are taken for each other only to the good of
 * both.
 */
public final class Holdings {
  private static final int FIRST = 1_024;

  /** No bits are left for more in the order of arrivals. */
  static final int OBJECTS_MAX = 1 << 24;

  /** What is counted is whole blocks: a million files of a hundred bytes take 4 GB of the disk. */
  static final int BLOCK_BYTES = 4_096;

  private long[] beginnings = new long[FIRST];
  private long[] arrivals = new long[FIRST];
  private long[] left = new long[FIRST];
  private int[] blocks = new int[FIRST];
  private byte[] worths = new byte[FIRST];
  private final BitSet needed = new BitSet();
  private int size;

  /** What an object takes of the disk. */
  static long footprint(long size) {
    return BLOCK_BYTES * (long) blocks(size);
  }

  private static int blocks(long size) {
    return (int) Math.clamp((size + BLOCK_BYTES - 1) / BLOCK_BYTES, 1, Integer.MAX_VALUE);
  }

  /** Its first bytes, such that their signed order is that of digests. */
  static long beginning(Digest digest) {
    long first = 0;
    for (int index = 0; index < Long.BYTES; index++) {
      first = first << Byte.SIZE | Byte.toUnsignedLong(digest.octets().at(index));
    }
    return first ^ Long.MIN_VALUE;
  }

  /** What {@link #beginning} was made of. */
  static String hex(long beginning) {
    return HexFormat.of().toHexDigits(beginning ^ Long.MIN_VALUE);
  }

  /** In the order of digests. What is too much for one look is left for another. */
  void add(Digest digest, long arrivalMillis, long bytes) {
    if (size == OBJECTS_MAX) {
      return;
    }
    if (size == beginnings.length) {
      int length = size + size / 2;
      beginnings = Arrays.copyOf(beginnings, length);
      arrivals = Arrays.copyOf(arrivals, length);
      left = Arrays.copyOf(left, length);
      blocks = Arrays.copyOf(blocks, length);
      worths = Arrays.copyOf(worths, length);
    }
    beginnings[size] = beginning(digest);
    arrivals[size] = arrivalMillis;
    blocks[size] = blocks(bytes);
    size++;
  }

  int size() {
    return size;
  }

  long beginning(int index) {
    return beginnings[index];
  }

  long arrivalMillis(int index) {
    return arrivals[index];
  }

  /** Since when nobody has it but the vault: a version in conflict may have come long before. */
  long keptSinceMillis(int index) {
    return Math.max(arrivals[index], left[index]);
  }

  long bytes(int index) {
    return BLOCK_BYTES * (long) blocks[index];
  }

  /** By a {@link Thinning}; one that no history tells of stands alone. */
  byte worth(int index) {
    return worths[index] == 0 ? Thinning.ALONE : worths[index];
  }

  boolean isNeeded(int index) {
    return needed.get(index);
  }

  /** Whether anything has to go, but for what is needed. */
  public boolean exceeds(Bounds bounds) {
    return !Choice.going(this, bounds).isEmpty();
  }

  public boolean contains(Digest digest) {
    return first(digest) < size && beginnings[first(digest)] == beginning(digest);
  }

  /** Some record needs the content: it does not go, and does not count. */
  public void need(Digest digest) {
    long beginning = beginning(digest);
    for (int at = first(digest); at < size && beginnings[at] == beginning; at++) {
      needed.set(at);
    }
  }

  /** What one path makes of a content; of several the highest counts. */
  void claim(Digest digest, byte worth) {
    long beginning = beginning(digest);
    for (int at = first(digest); at < size && beginnings[at] == beginning; at++) {
      worths[at] = worths[at] > worth ? worths[at] : worth;
    }
  }

  /** A version of that content left then. */
  void left(Digest digest, long millis) {
    long beginning = beginning(digest);
    for (int at = first(digest); at < size && beginnings[at] == beginning; at++) {
      left[at] = Math.max(left[at], millis);
    }
  }

  private int first(Digest digest) {
    long beginning = beginning(digest);
    int found = Arrays.binarySearch(beginnings, 0, size, beginning);
    int first = found < 0 ? -found - 1 : found;
    while (first > 0 && beginnings[first - 1] == beginning) {
      first--;
    }
    return first;
  }
}
