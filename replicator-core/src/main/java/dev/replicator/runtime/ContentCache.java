package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Small contents that were just read or received, and what is new of large ones: what a peer is
 * likely to ask for, and what is likely to be staged. Contents from peers are not verified yet.
 * Thread-safe, bounded.
 */
final class ContentCache {
  private static final long BYTES_MAX = 16L * 1024 * 1024;

  /** What an entry takes besides its content: of the smallest ones most of it. */
  private static final int OVERHEAD_BYTES = 512;

  /** A chunk, or a run of them. */
  private static final int ITEM_BYTES = 80;

  /** The one that was used longest ago comes first. */
  private final LinkedHashMap<Digest, Held> contents = new LinkedHashMap<>(64, 0.75f, true);

  private long bytes;
  private long sweeps;

  /** A content, and how many sweeps there had been when it was last used. */
  private record Held(Message.Content content, long sweeps) {}

  static boolean fits(long size) {
    return size > 0 && size <= Limits.INLINE_BYTES_MAX;
  }

  synchronized void put(Message.Content content) {
    remove(content.digest());
    contents.put(content.digest(), new Held(content, sweeps));
    bytes += weight(content);
    Iterator<Held> eldest = contents.values().iterator();
    while (bytes > BYTES_MAX && eldest.hasNext()) {
      bytes -= weight(eldest.next().content());
      eldest.remove();
    }
  }

  /**
   * Drops what nobody used since the sweep before this one: a node at rest holds no content.
   *
   * @return whether something is left
   */
  synchronized boolean sweep() {
    Iterator<Held> eldest = contents.values().iterator();
    boolean used = false;
    while (!used && eldest.hasNext()) {
      Held held = eldest.next();
      used = held.sweeps() == sweeps;
      if (!used) {
        bytes -= weight(held.content());
        eldest.remove();
      }
    }
    sweeps++;
    return !contents.isEmpty();
  }

  /** Bytes that a content takes, in memory or in a message. */
  static long weight(Message.Content content) {
    long lists =
        switch (content) {
          case Message.InlineContent it -> (long) ITEM_BYTES * it.chunks().chunks().size();
          case Message.ContentDelta it ->
              (long) ITEM_BYTES * (it.runs().size() + it.fresh().chunks().size());
        };
    return OVERHEAD_BYTES + lists + content.data().length();
  }

  synchronized Optional<Message.Content> find(Digest digest) {
    return Optional.ofNullable(
            contents.computeIfPresent(digest, (_, held) -> new Held(held.content(), sweeps)))
        .map(Held::content);
  }

  /** A whole content. */
  Optional<Message.InlineContent> findWhole(Digest digest) {
    return find(digest)
        .filter(Message.InlineContent.class::isInstance)
        .map(Message.InlineContent.class::cast);
  }

  /** What is new of a content. */
  Optional<Message.ContentDelta> findDelta(Digest digest) {
    return find(digest)
        .filter(Message.ContentDelta.class::isInstance)
        .map(Message.ContentDelta.class::cast);
  }

  synchronized void remove(Digest digest) {
    Held before = contents.remove(digest);
    if (before != null) {
      bytes -= weight(before.content());
    }
  }
}
