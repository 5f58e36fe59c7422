package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Small contents that were just read or received: what a peer is likely to ask for, and what is
 * likely to be staged. Contents from peers are not verified yet. Thread-safe, bounded.
 */
final class ContentCache {
  private static final long BYTES_MAX = 16L * 1024 * 1024;

  /** What an entry takes besides its content: of the smallest ones most of it. */
  private static final int OVERHEAD_BYTES = 512;

  private final LinkedHashMap<Digest, Message.InlineContent> contents =
      new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  static boolean fits(long size) {
    return size > 0 && size <= Limits.INLINE_BYTES_MAX;
  }

  synchronized void put(Message.InlineContent content) {
    Message.InlineContent before = contents.put(content.digest(), content);
    bytes += weight(content) - (before == null ? 0 : weight(before));
    var eldest = contents.entrySet().iterator();
    while (bytes > BYTES_MAX && eldest.hasNext()) {
      Map.Entry<Digest, Message.InlineContent> entry = eldest.next();
      bytes -= weight(entry.getValue());
      eldest.remove();
    }
  }

  private static long weight(Message.InlineContent content) {
    return OVERHEAD_BYTES + content.data().length();
  }

  synchronized Optional<Message.InlineContent> find(Digest digest) {
    return Optional.ofNullable(contents.get(digest));
  }

  synchronized void remove(Digest digest) {
    Message.InlineContent before = contents.remove(digest);
    if (before != null) {
      bytes -= weight(before);
    }
  }
}
