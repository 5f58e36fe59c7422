package dev.replicator.runtime;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A large file takes a second for each gigabyte until its change can be told, and as long again, or
 * much longer, until its content is with the peers. What there is room for on the way goes while
 * the rest is read. Nobody waits for it, here or there: what did not go is asked for.
 */

/** Sends peers what is new of one large file while it is read. */
final class ChunksAhead implements ShownChunks.Viewer {
  private static final Logger LOG = LoggerFactory.getLogger(ChunksAhead.class);

  private final Outbox outbox;
  private final long reading;
  private final RelativePath path;
  private final Function<Digest, Optional<ChunkList>> like;
  private final Set<Digest> held = new HashSet<>();
  private final boolean isChange;
  private int tried;
  private long newBytes;

  /**
   * @param before what was under the path until now
   * @param like the chunks of a file that has a chunk in its beginning
   */
  ChunksAhead(
      Outbox outbox,
      long reading,
      RelativePath path,
      Optional<ChunkList> before,
      Function<Digest, Optional<ChunkList>> like) {
    this.outbox = outbox;
    this.reading = reading;
    this.path = path;
    this.like = like;
    this.isChange = before.isPresent();
    before.ifPresent(this::hold);
  }

  private void holdLike(ChunkList other) {
    tried = Beginnings.CHUNKS;
    hold(other);
  }

  private void hold(ChunkList list) {
    for (Chunk chunk : list.chunks()) {
      if (chunk instanceof Chunk.Data data) {
        held.add(data.digest());
      }
    }
  }

  @Override
  public void see(long offset, Digest digest, byte[] bytes, int length) {
    try {
      if (isWanted(digest, length)) {
        outbox.sendAhead(reading, path, offset, bytes, length);
      }
    } catch (RuntimeException broken) {
      LOG.warn("nothing of {} goes ahead: {}", path, broken.toString());
    }
  }

  /** A little that is new of a file goes with its change, whatever peers hold of the rest. */
  private boolean isWanted(Digest digest, int length) {
    if (tried < Beginnings.CHUNKS) {
      tried++;
      like.apply(digest).ifPresent(this::holdLike);
    }
    if (held.contains(digest)) {
      return false;
    }
    newBytes += length;
    return !isChange || newBytes > Limits.INLINE_BYTES_MAX;
  }
}
