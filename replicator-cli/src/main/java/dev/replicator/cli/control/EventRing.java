package dev.replicator.cli.control;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/*
 * The roots put in and go on, whoever reads. A reader comes with the number up to which he has
 * read: nothing is kept for him, and one who is too slow is told how many he missed.
 */

/** What happened lately to the roots of one daemon, numbered from 1. Thread-safe. */
public final class EventRing implements Chronicle {
  /** What one takes beside its path and its words. */
  private static final int BYTES_EACH = 64;

  private final int keptMax;
  private final int bytesMax;
  private final LongSupplier wallMillis;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long next = 1;
  private long bytes;

  /** One thing that happened, with its number and its time. */
  record Entry(long number, long millis, Happening happening) {
    private int bytes() {
      return BYTES_EACH
          + happening.path().map(RelativePath::length).orElse(0)
          + happening.detail().length();
    }
  }

  /**
   * What follows a number.
   *
   * @param dropped how many of them are forgotten
   * @param next up to which number this tells all
   * @param more whether there is more at once
   */
  record Page(long dropped, List<Entry> entries, long next, boolean more) {
    boolean isEmpty() {
      return dropped == 0 && entries.isEmpty();
    }
  }

  EventRing(int keptMax, int bytesMax, LongSupplier wallMillis) {
    this.keptMax = keptMax;
    this.bytesMax = bytesMax;
    this.wallMillis = wallMillis;
  }

  /** As a daemon remembers. */
  public static EventRing ofDaemon() {
    return new EventRing(
        Limits.EVENTS_KEPT_MAX, Limits.EVENTS_BYTES_MAX, System::currentTimeMillis);
  }

  @Override
  public synchronized void tell(Happening happening) {
    Entry entry = new Entry(next++, wallMillis.getAsLong(), shortened(happening));
    entries.addLast(entry);
    bytes += entry.bytes();
    while (entries.size() > keptMax || (bytes > bytesMax && entries.size() > 1)) {
      bytes -= entries.removeFirst().bytes();
    }
    notifyAll();
  }

  private static Happening shortened(Happening told) {
    String detail = told.detail();
    return detail.length() <= Limits.EVENT_CHARACTERS_MAX
        ? told
        : new Happening(
            told.root(),
            told.kind(),
            told.peer(),
            told.path(),
            detail.substring(0, Limits.EVENT_CHARACTERS_MAX) + "...");
  }

  /**
   * The number after which the last {@code count} follow.
   *
   * @param root of which they are, "" for any
   */
  synchronized long before(int count, String root) {
    long number = next - 1;
    int left = count;
    Iterator<Entry> backwards = entries.descendingIterator();
    while (left > 0 && backwards.hasNext()) {
      Entry entry = backwards.next();
      number = entry.number() - 1;
      left -= isOf(root, entry) ? 1 : 0;
    }
    return number;
  }

  /** What follows {@code after}; waits a while where that is nothing. */
  synchronized Page await(long after, String root, long millis) throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    Page page = page(after, root);
    long left = millis;
    while (page.isEmpty() && left > 0) {
      if (!page.more()) {
        wait(left);
      }
      page = page(page.next(), root);
      left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    }
    return page;
  }

  private Page page(long after, String root) {
    long oldest = next - entries.size();
    long dropped = Math.max(0, oldest - 1 - after);
    long read = Math.max(after, oldest - 1);
    List<Entry> found = new ArrayList<>();
    long size = 0;
    Iterator<Entry> newer = entries.stream().skip(read + 1 - oldest).iterator();
    while (newer.hasNext()
        && found.size() < Limits.EVENTS_ANSWERED_MAX
        && size < Limits.EVENTS_ANSWERED_BYTES_MAX) {
      Entry entry = newer.next();
      read = entry.number();
      if (isOf(root, entry)) {
        found.add(entry);
        size += entry.bytes();
      }
    }
    return new Page(dropped, found, read, newer.hasNext());
  }

  private static boolean isOf(String root, Entry entry) {
    return root.isEmpty() || root.equals(entry.happening().root());
  }
}
