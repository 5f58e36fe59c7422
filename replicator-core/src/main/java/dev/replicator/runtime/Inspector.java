package dev.replicator.runtime;

import dev.replicator.content.ChunkHash;
import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.kernel.Effect;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Clock;
import dev.replicator.port.DiskChannel;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/*
 * What is read between two equal stamps was there. To a log somebody may append all the time: it is
 * read to where it ended when that began. That it is only appended to, and not written in place, is
 * believed when it still begins with what an earlier reading found, and all the rest, too, is the
 * same when it is read twice. Then it held just this, and goes on to begin with it, so that peers
 * can get it.
 */

/** Looks at paths and reads changed files whole. Thread-safe. */
final class Inspector {
  private static final int BUFFER_BYTES = 256 * 1024;

  /** What is at least so long is hashed by another thread than the one that reads it. */
  static final long ASIDE_BYTES_MIN = 4 * 1024 * 1024;

  /** Each takes a thread and a megabyte; more at once than processors gain nothing. */
  private static final int ASIDE_MAX = 2;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Tree tree;
  private final Clock clock;
  private final ContentCache cache;
  private final long quietMillis;
  private final Function<Digest, Optional<ChunkList>> known;
  private final Semaphore aside = new Semaphore(ASIDE_MAX);
  private final LinkedContents linked = new LinkedContents();
  private final YoungReads young = new YoungReads();
  private final Unfinished unfinished;
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(Reader::new);

  /** The root ends, and a file may be larger than anybody wants to wait for. */
  private volatile boolean ending;

  /** Buffers that one thread uses again and again. */
  private static final class Reader {
    final Chunker chunker = new Chunker();
    final byte[] buffer = new byte[BUFFER_BYTES];
  }

  /**
   * @param quietMillis a file that changed less than this ago is not read yet; 0 where the watcher
   *     tells of closes
   */
  Inspector(Tree tree, Clock clock, ContentCache cache, long quietMillis) {
    this(tree, clock, cache, quietMillis, file -> Optional.empty());
  }

  /**
   * @param known the chunks of files that were here before
   */
  Inspector(
      Tree tree,
      Clock clock,
      ContentCache cache,
      long quietMillis,
      Function<Digest, Optional<ChunkList>> known) {
    this.tree = tree;
    this.clock = clock;
    this.cache = cache;
    this.quietMillis = quietMillis;
    this.known = known;
    this.unfinished = new Unfinished(tree, clock, quietMillis == 0);
  }

  /** Who is shown the chunks of a large file, known by its stamp, while it is read. */
  interface Viewers {
    Viewers NONE = stamp -> Optional.empty();

    Optional<? extends ShownChunks.Viewer> of(Stamp stamp);
  }

  /** An observation, or how long to wait for the file to come to rest. */
  sealed interface Result {
    /**
     * @param still whether nobody wrote to it meanwhile
     * @param writingSinceMillis when a write began that may go on, by the file's ctime
     */
    record Seen(Observation observation, boolean still, OptionalLong writingSinceMillis)
        implements Result {
      Seen(Observation observation) {
        this(observation, true, OptionalLong.empty());
      }
    }

    /**
     * @param bytesRead in vain
     * @param read what they were, when it is known
     */
    record Restless(long millis, long bytesRead, Optional<Reading> read) implements Result {}

    /** The file is larger than the caller wants to read: nothing was read. */
    record Large() implements Result {}
  }

  /**
   * @param patient whether a file that is being written may be waited for
   * @param bytesMax of a file that is read
   */
  Result inspect(
      RelativePath path,
      Optional<Materialised> expected,
      boolean reread,
      boolean patient,
      long bytesMax) {
    Effect.Inspect asked = new Effect.Inspect(path, expected, reread, false, false, false);
    return inspect(asked, patient ? Tries.FRESH : Tries.NONE, bytesMax, Viewers.NONE);
  }

  /** The same, with somebody looking on. */
  Result inspect(Effect.Inspect asked, Tries tries, long bytesMax, Viewers viewers) {
    try {
      return switch (tree.look(asked.path())) {
        case Tree.Look.Gone gone -> new Result.Seen(new Observation.Gone());
        case Tree.Look.RootLost lost -> new Result.Seen(new Observation.RootLost(lost.problem()));
        case Tree.Look.Special special ->
            new Result.Seen(
                new Observation.Unreadable(new Problem(Problem.Kind.SPECIAL, special.kind())));
        case Tree.Look.Found found ->
            isAsExpected(found, asked)
                ? new Result.Seen(new Observation.Unchanged(found.stamp()))
                : found.type() == EntryType.FILE && found.stamp().size() > bytesMax
                    ? new Result.Large()
                    : read(asked, found, tries, viewers);
      };
    } catch (TreeException failure) {
      // What was cut short is still to be looked at, and no sync vouches for it.
      return new Result.Seen(
          ending ? new Observation.Unsettled(0) : new Observation.Unreadable(failure.problem()));
    }
  }

  /** Whatever is read is given up, and nothing more is read to its end. */
  void cutShort() {
    ending = true;
  }

  YoungReads young() {
    return young;
  }

  private boolean isAsExpected(Tree.Look.Found found, Effect.Inspect asked) {
    return !young.has(found.stamp()) && !isRenamedWithinWrite(asked) && isAsBefore(found, asked);
  }

  /** A rename gives a file another stamp, and ends no write. */
  private boolean isRenamedWithinWrite(Effect.Inspect asked) {
    return asked.renamed()
        && asked.expected().map(was -> young.isWithinWrite(was.stamp())).orElse(false);
  }

  private static boolean isAsBefore(Tree.Look.Found found, Effect.Inspect asked) {
    return !asked.reread()
        && asked
            .expected()
            .map(was -> asked.renamed() ? found.isRenamed(was) : found.holds(was))
            .orElse(false);
  }

  private Result read(Effect.Inspect asked, Tree.Look.Found found, Tries tries, Viewers viewers)
      throws TreeException {
    RelativePath path = asked.path();
    if (found.type() != EntryType.FILE) {
      Entry entry =
          found.type() == EntryType.DIRECTORY
              ? Entry.DIRECTORY
              : new Entry.Symlink(found.linkTarget());
      Target actual = new Target(entry, instant(found.stamp().mtimeNanos()), found.attributes());
      return new Result.Seen(new Observation.Found(found.stamp(), actual, ChunkList.EMPTY));
    }
    if (asked.resting() && Expected.isWrittenAgain(asked, found.stamp())) {
      return new Result.Seen(new Observation.Unsettled(0));
    }
    if (asked.patient() && unfinished.holds(asked, found.stamp())) {
      return new Result.Seen(new Observation.Unclosed());
    }
    long restless = restlessMillis(found.stamp());
    if (restless > 0 && !tries.isEnding()) {
      return new Result.Restless(restless, 0, Optional.empty());
    }
    Optional<ChunkedContent> before =
        asked.reread() || young.has(found.stamp()) ? Optional.empty() : linked.find(found.stamp());
    if (before.isPresent()) {
      return seen(found, before.get());
    }
    long beganMillis = clock.wallMillis();
    boolean written = mayBeWithinAWrite(path, found.stamp(), beganMillis);
    Optional<ChunkedContent> content = chunk(path, found.stamp(), viewers);
    Tree.Look after = tree.look(path);
    boolean still = after instanceof Tree.Look.Found again && again.stamp().equals(found.stamp());
    if (!still) {
      return changed(asked, found, after, content, tries);
    }
    if (content.isEmpty()) {
      return new Result.Seen(
          new Observation.Unreadable(new Problem(Problem.Kind.TOO_LARGE, "too many chunks")));
    }
    linked.read(found.stamp(), content.get());
    young.read(found.stamp(), beganMillis);
    if (written) {
      young.readWithinWrite(found.stamp());
    }
    // No stamp tells either of extended attributes that were set in the tick of the look before.
    boolean same =
        isAsBefore(found, asked)
            && asked.expected().get().actual().equals(actual(found, content.get()));
    Observation observation =
        same ? new Observation.Unchanged(found.stamp()) : observation(found, content.get());
    return new Result.Seen(
        observation,
        true,
        written ? OptionalLong.of(ctimeMillis(found.stamp())) : OptionalLong.empty());
  }

  /**
   * Whether a write goes on that gave the file its time when it began, so that nothing tells of its
   * end: a long one, or one into a mapping. Who opens it later gives it another.
   */
  private boolean mayBeWithinAWrite(RelativePath path, Stamp stamp, long nowMillis)
      throws TreeException {
    return nowMillis - ctimeMillis(stamp) < Limits.WRITE_MILLIS_MAX
        && nowMillis >= stamp.youngUntilMillis()
        && tree.isBeingWritten(path, 0);
  }

  /**
   * Somebody wrote to it while it was read. What is believed even so has the stamp from before, so
   * that it counts as changed since. A small file comes to rest more often than it has to be read.
   */
  private Result changed(
      Effect.Inspect asked,
      Tree.Look.Found found,
      Tree.Look after,
      Optional<ChunkedContent> content,
      Tries tries)
      throws TreeException {
    Stamp stamp = found.stamp();
    Optional<ChunkedContent> whole = content.filter(read -> read.file().size() == stamp.size());
    if (whole.isPresent()
        && Expected.isThere(asked, stamp)
        && hasGrown(stamp, after)
        && (tries.isOver() || stamp.size() >= ASIDE_BYTES_MIN)
        && isAppendedTo(asked, stamp, whole.get().chunks(), tries.earlier())) {
      return new Result.Seen(observation(found, whole.get()), false, OptionalLong.empty());
    }
    long bytesRead = content.map(read -> read.file().size()).orElse(stamp.size());
    Optional<Reading> read = whole.map(it -> new Reading(stamp.file(), it.chunks()));
    return tries.isOver()
        ? new Result.Seen(new Observation.Unsettled(Math.max(1, tries.bytesRead() + bytesRead)))
        : new Result.Restless(Math.max(quietMillis, 1), bytesRead, read);
  }

  private static boolean hasGrown(Stamp stamp, Tree.Look after) {
    return after instanceof Tree.Look.Found again
        && again.type() == EntryType.FILE
        && stamp.isContinuedBy(again.stamp())
        && again.stamp().size() > stamp.size();
  }

  private boolean isAppendedTo(
      Effect.Inspect asked, Stamp stamp, ChunkList chunks, Optional<Reading> earlier)
      throws TreeException {
    return earlier
            .or(() -> asked.expected().flatMap(this::reading))
            .map(then -> then.begins(stamp.file(), chunks))
            .orElse(false)
        && isStillThere(asked.path(), stamp, chunks);
  }

  private Optional<Reading> reading(Materialised was) {
    return was.entry()
        .content()
        .flatMap(known)
        .map(chunks -> new Reading(was.stamp().file(), chunks));
  }

  /**
   * Whether all is read alike once more. Then there was a moment, between the end of the one
   * reading and the begin of the other, at which the file held just this.
   */
  private boolean isStillThere(RelativePath path, Stamp stamp, ChunkList chunks)
      throws TreeException {
    try (SeekableByteChannel channel = tree.readOn(path, stamp)) {
      long offset = 0;
      for (Chunk chunk : chunks.chunks()) {
        if (chunk instanceof Chunk.Data data
            && LocalContent.read(channel, offset, data).isEmpty()) {
          return false;
        }
        offset += chunk.length();
      }
      return true;
    } catch (TreeException another) {
      return false;
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  private static Result seen(Tree.Look.Found found, ChunkedContent content) {
    return new Result.Seen(observation(found, content));
  }

  private static Observation observation(Tree.Look.Found found, ChunkedContent content) {
    return new Observation.Found(found.stamp(), actual(found, content), content.chunks());
  }

  private static Target actual(Tree.Look.Found found, ChunkedContent content) {
    return new Target(content.file(), instant(found.stamp().mtimeNanos()), found.attributes());
  }

  private long restlessMillis(Stamp stamp) {
    if (quietMillis == 0 || stamp.ctimeNanos() == 0) {
      return 0;
    }
    long age = clock.wallMillis() - ctimeMillis(stamp);
    return age >= 0 && age < quietMillis ? quietMillis - age : 0;
  }

  private static long ctimeMillis(Stamp stamp) {
    return stamp.ctimeNanos() / NANOS_PER_MILLI;
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  private Optional<ChunkedContent> chunk(RelativePath path, Stamp stamp, Viewers viewers)
      throws TreeException {
    long size = stamp.size();
    try (SeekableByteChannel channel = new FirstBytes(tree.readOn(path, stamp), size)) {
      return chunk(channel, size, ContentCache.fits(size), () -> viewers.of(stamp));
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  /** Reads a channel to its end, holes apart. Small contents are remembered. */
  Optional<ChunkedContent> chunk(SeekableByteChannel channel, long expectedSize)
      throws IOException {
    return chunk(channel, expectedSize, ContentCache.fits(expectedSize), Optional::empty);
  }

  /** As {@link #chunk}, of what nobody is likely to ask for: nothing is remembered. */
  Optional<ChunkedContent> reread(SeekableByteChannel channel, long expectedSize)
      throws IOException {
    return chunk(channel, expectedSize, false, Optional::empty);
  }

  private Optional<ChunkedContent> chunk(
      SeekableByteChannel channel,
      long expectedSize,
      boolean remembered,
      Supplier<Optional<? extends ShownChunks.Viewer>> viewer)
      throws IOException {
    if (expectedSize < ASIDE_BYTES_MIN || !aside.tryAcquire()) {
      return chunkHere(channel, expectedSize, remembered);
    }
    try {
      ChunkHash hash = viewer.get().<ChunkHash>map(ShownChunks::new).orElseGet(ChunkHash::atOnce);
      return chunkLarge(channel, expectedSize, hash);
    } finally {
      aside.release();
    }
  }

  private Optional<ChunkedContent> chunkLarge(
      SeekableByteChannel channel, long expectedSize, ChunkHash hash) throws IOException {
    try (HashAside digests = new HashAside(hash)) {
      Chunker chunker = new Chunker(digests);
      long total = 0;
      while (true) {
        if (ending) {
          throw new ClosedByInterruptException();
        }
        skipHole(channel, chunker);
        byte[] buffer = digests.buffer();
        int read = channel.read(ByteBuffer.wrap(buffer));
        if (read < 0) {
          return chunker.finish();
        }
        total += read;
        if (total > expectedSize) {
          return Optional.empty();
        }
        chunker.push(buffer, 0, read);
        digests.given(buffer);
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private Optional<ChunkedContent> chunkHere(
      SeekableByteChannel channel, long expectedSize, boolean remembered) throws IOException {
    Reader reader = readers.get();
    reader.chunker.reset();
    long total = 0;
    boolean small = remembered;
    int start = 0;
    while (true) {
      if (ending && total >= BUFFER_BYTES || Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      if (!small) {
        skipHole(channel, reader.chunker);
      }
      ByteBuffer into = ByteBuffer.wrap(reader.buffer, start, reader.buffer.length - start);
      int read = channel.read(into);
      if (read < 0) {
        break;
      }
      if (total + read > expectedSize) {
        // Somebody writes faster than this reads: the next look tells more.
        return Optional.empty();
      }
      reader.chunker.push(reader.buffer, start, read);
      total += read;
      start = small && start + read < reader.buffer.length ? start + read : 0;
      small = small && (start != 0 || total == expectedSize) && total <= expectedSize;
    }
    Optional<ChunkedContent> content = reader.chunker.finish();
    if (small && total == expectedSize && content.isPresent()) {
      remember(content.get(), reader.buffer, (int) total);
    }
    return content;
  }

  /** A hole is told to the chunker instead of read: it may be larger than any disk. */
  private static void skipHole(SeekableByteChannel channel, Chunker chunker) throws IOException {
    if (channel instanceof DiskChannel sparse) {
      long position = sparse.position();
      long data = sparse.nextData(position);
      chunker.hole(data - position);
      sparse.position(data);
    }
  }

  private void remember(ChunkedContent content, byte[] buffer, int length) {
    boolean holes = content.chunks().chunks().stream().anyMatch(Chunk.Hole.class::isInstance);
    if (!holes) {
      Bytes exact = Bytes.of(Arrays.copyOf(buffer, length));
      cache.put(new Message.InlineContent(content.file().digest(), content.chunks(), exact));
    }
  }
}
