package dev.replicator.vault;

import dev.replicator.model.Digest;
import dev.replicator.model.HistoryItem;
import java.util.Optional;

/*
 * A version of a path answers for the time in which it was there: from when the one before it left
 * to when it left itself. What was there for a moment is missed less than what was there for a
 * week, and a moment counts the less the longer ago it was. Were only the time counted, though, all
 * versions of a log of which each was there for four seconds would go, and nothing of a whole day
 * would be left. So time is a ruler with coarser and coarser marks, 1, 2, 4, ... milliseconds
 * apart, and a version stands at the coarsest mark that was passed while it was there: the highest
 * bit in which the two times differ. However coarse the marks are that are asked for, those at
 * which versions stand are spread evenly, and the version that one mark keeps, each finer one keeps
 * as well: what goes changes nothing for what stays, whenever it goes.
 */

/** Says of each version how close it stands to others of its path, in the order of a history. */
public final class Thinning {
  /** Of the first and the last version of a path, and of what is no version of any. */
  static final byte ALONE = Byte.MAX_VALUE;

  /** Of one that was there for as long as it is gone, about. */
  private static final int EVEN = 64;

  private final Holdings holdings;
  private final long nowMillis;
  private Optional<HistoryItem> younger = Optional.empty();
  private boolean latest = true;

  public Thinning(Holdings holdings, long nowMillis) {
    this.holdings = holdings;
    this.nowMillis = nowMillis;
  }

  /** The next one in the order of paths, of each the latest first. */
  public void add(HistoryItem item) {
    Optional<Digest> content = item.version().entry().content();
    if (content.filter(holdings::contains).isEmpty()) {
      return;
    }
    holdings.left(content.get(), item.leftMillis());
    younger.ifPresent(before -> {
      boolean same = before.path().equals(item.path());
      claim(before, same && !latest ? between(before.leftMillis(), item.leftMillis()) : ALONE);
      latest = !same;
    });
    younger = Optional.of(item);
  }

  /** There are no more. */
  public void end() {
    younger.ifPresent(earliest -> claim(earliest, ALONE));
    younger = Optional.empty();
    latest = true;
  }

  private void claim(HistoryItem item, byte worth) {
    item.version().entry().content().ifPresent(content -> holdings.claim(content, worth));
  }

  /** The coarsest mark that was passed, beside the time since then; both by their highest bits. */
  private byte between(long leftMillis, long cameMillis) {
    long gone = Math.max(1, Math.abs(nowMillis - leftMillis));
    int mark = Long.SIZE - Long.numberOfLeadingZeros(leftMillis ^ cameMillis);
    int age = Long.SIZE - Long.numberOfLeadingZeros(gone);
    return (byte) Math.clamp(EVEN + mark - age, 1, ALONE - 1);
  }
}
