package dev.replicator.vault;

import java.util.Arrays;
import java.util.BitSet;

/*
 * What is too old goes. Where there still is too much, room is given to one object after the other,
 * to those first that are worth most and, of these, to the youngest. One for which there is no room
 * goes alone: what is older and smaller may still find some. Nothing that a record needs goes or
 * takes room. Where the disk itself lacks room, what is worth least goes besides, and of that the
 * oldest, until there is enough: but nothing that is young, for a full disk passes.
 */

/** What of the vault goes, and in which order it would. */
final class Choice {
  /** So far an arrival may be from now in the order of arrivals: some eight years. */
  private static final long SPAN_MILLIS = 1L << 38;

  private static final int INDEX_BITS = 24;

  private final Holdings holdings;
  private final Bounds bounds;
  private final BitSet going = new BitSet();

  private Choice(Holdings holdings, Bounds bounds) {
    this.holdings = holdings;
    this.bounds = bounds;
  }

  /** The indexes of what goes. */
  static BitSet going(Holdings holdings, Bounds bounds) {
    Choice choice = new Choice(holdings, bounds);
    if (choice.expire()) {
      choice.fit();
    }
    choice.relieve();
    return choice.going;
  }

  /** Whether too much is left of what is not too old. */
  private boolean expire() {
    long counted = 0;
    int kept = 0;
    for (int index = 0; index < holdings.size(); index++) {
      if (holdings.isNeeded(index)) {
        continue;
      }
      if (holdings.keptSinceMillis(index) < bounds.expiredMillis()) {
        going.set(index);
      } else {
        counted += holdings.bytes(index);
        kept++;
      }
    }
    return counted > bounds.bytesMax() || kept > Bounds.OBJECTS_MAX;
  }

  private void fit() {
    int[] youngestFirst = youngestFirst();
    long room = bounds.bytesLeft();
    int places = Bounds.OBJECTS_MAX;
    for (int worth = Thinning.ALONE; worth > 0; worth--) {
      for (int index : youngestFirst) {
        if (holdings.worth(index) != worth || holdings.isNeeded(index) || going.get(index)) {
          continue;
        }
        long bytes = holdings.bytes(index);
        if (bytes <= room && places > 0) {
          room -= bytes;
          places--;
        } else {
          going.set(index);
        }
      }
    }
  }

  private void relieve() {
    if (bounds.lack().isNone()) {
      return;
    }
    long freed = 0;
    long expendable = 0;
    for (int index = 0; index < holdings.size(); index++) {
      freed += going.get(index) ? holdings.bytes(index) : 0;
      expendable += isExpendable(index) ? holdings.bytes(index) : 0;
    }
    boolean enough = freed + expendable >= bounds.lack().wanted();
    long lacking = (enough ? bounds.lack().wanted() : bounds.lack().reserve()) - freed;
    int[] youngestFirst = youngestFirst();
    for (int worth = 1; worth <= Thinning.ALONE; worth++) {
      for (int at = youngestFirst.length - 1; at >= 0 && lacking > 0; at--) {
        int index = youngestFirst[at];
        if (holdings.worth(index) == worth && isExpendable(index)) {
          going.set(index);
          lacking -= holdings.bytes(index);
        }
      }
    }
  }

  private boolean isExpendable(int index) {
    return !holdings.isNeeded(index)
        && !going.get(index)
        && bounds.isExpendable(holdings.worth(index), holdings.keptSinceMillis(index));
  }

  /** Arrival and index in one number each: what sorts millions without an object for each. */
  private int[] youngestFirst() {
    long[] keys = new long[holdings.size()];
    for (int index = 0; index < keys.length; index++) {
      long since = holdings.keptSinceMillis(index) - bounds.nowMillis();
      long arrival = Math.clamp(since, -SPAN_MILLIS, SPAN_MILLIS - 1) + SPAN_MILLIS;
      keys[index] = arrival << INDEX_BITS | index;
    }
    Arrays.sort(keys);
    int[] sorted = new int[keys.length];
    for (int at = 0; at < keys.length; at++) {
      sorted[at] = (int) (keys[keys.length - 1 - at] & Holdings.OBJECTS_MAX - 1);
    }
    return sorted;
  }
}
