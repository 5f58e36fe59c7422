package dev.replicator.runtime;

import dev.replicator.content.AssemblyPlan;
import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Whoever sends a chunk ahead claims nothing, and is believed nothing: what it is is seen here, and
 * remembered. When the change comes its chunk list decides which of them are part of the file. All
 * others are written over, for they stand where the file has data too; where it has a hole nothing
 * would write over them, and the whole is dropped.
 */

/**
 * Chunks of large files that are staged before the change is known that needs them. Thread-safe,
 * bounded; of what is beyond a bound, or comes from a second peer, nothing is kept.
 */
final class EarlyChunks {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyChunks.class);

  /** Readings that are over, of which some is still on its way. */
  private static final int ENDED_MAX = 16;

  /** What a chunk takes besides its bytes. */
  private static final int OVERHEAD_BYTES = 512;

  private final Parts parts;
  private final FreeSpace space;
  private final Map<RelativePath, Early> files = new LinkedHashMap<>();
  private final LinkedHashSet<Reading> ended = new LinkedHashSet<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long sweeps;
  private boolean closed;

  /** One of a file, by the peer that has it. */
  private record Reading(NodeId peer, long number) {}

  EarlyChunks(Parts parts, FreeSpace space) {
    this.parts = parts;
    this.space = space;
    space.giveUpFirst(this::clear);
  }

  /** A chunk that is to be written. */
  private record Waiting(Early early, Message.ChunkAhead chunk) {}

  /** What is staged of one file. */
  private final class Early {
    private final TreeMap<Long, Chunk.Data> written = new TreeMap<>();
    private Optional<Parts.Begun> file = Optional.empty();
    private boolean over;

    /** Of the outer lock: the last one of which something came... */
    private Reading reading;

    /** ...and how many sweeps there had been by then. */
    private long sweep;

    Early(Reading reading) {
      this.reading = reading;
    }

    synchronized boolean write(long offset, byte[] bytes, Chunk.Data chunk)
        throws TreeException, IOException {
      if (over
          || written.size() >= Limits.CHUNKS_AHEAD_MAX
          || isWritten(offset, offset + chunk.length())) {
        return false;
      }
      SeekableByteChannel channel = channel();
      // As if there were no holes: there are disks that have none.
      long more = Math.max(chunk.length(), offset + chunk.length() - channel.size());
      if (!space.leaves(more)) {
        return false;
      }
      Assembler.write(channel, offset, bytes, 0, bytes.length, false);
      written.put(offset, chunk);
      return true;
    }

    private SeekableByteChannel channel() throws TreeException {
      if (file.isEmpty()) {
        file = Optional.of(parts.begin());
      }
      return file.get().channel();
    }

    /** Whether anything was written between two places. */
    private boolean isWritten(long from, long to) {
      Map.Entry<Long, Chunk.Data> last = written.lowerEntry(to);
      return last != null && last.getKey() + last.getValue().length() > from;
    }

    /** What it is to the file of {@code list}; empty when it stands in a hole of that. */
    private Optional<Written> in(ChunkList list) {
      long offset = 0;
      int right = 0;
      for (Chunk chunk : list.chunks()) {
        switch (chunk) {
          case Chunk.Data data -> right += data.equals(written.get(offset)) ? 1 : 0;
          case Chunk.Hole hole -> {
            if (isWritten(offset, offset + hole.length())) {
              return Optional.empty();
            }
          }
        }
        offset += chunk.length();
      }
      return Optional.of(new Written(written, right == written.size()));
    }

    /** Nothing is written any more. */
    synchronized Optional<Parts.Begun> end() {
      over = true;
      Optional<Parts.Begun> begun = file;
      file = Optional.empty();
      return begun;
    }

    void drop() {
      try {
        Optional<Parts.Begun> begun = end();
        if (begun.isPresent()) {
          begun.get().drop();
        }
      } catch (TreeException left) {
        LOG.debug("left in staging: {}", left.problem());
      }
    }
  }

  /** A file to be staged, and what of it is there already. */
  record Opened(StagedFile file, Optional<Written> ahead) {
    /** Bytes for which there need be no more room. */
    long bytes() throws IOException {
      return ahead.isPresent() ? ahead.get().bytes() : file.channel().size();
    }
  }

  /**
   * Chunks that were written, by their places.
   *
   * @param isRight whether the file has all of them there: then elsewhere it is still all zeros
   */
  record Written(Map<Long, Chunk.Data> chunks, boolean isRight) {
    /** Whether a chunk is at all of its places. */
    boolean has(AssemblyPlan.MissingChunk wanted) {
      return wanted.offsets().stream().allMatch(at -> wanted.chunk().equals(chunks.get(at)));
    }

    private long bytes() {
      return chunks.values().stream().mapToLong(Chunk.Data::length).sum();
    }
  }

  /**
   * Takes a chunk to be written by {@link #writeNext}; tells false when it drops it. Never waits
   * for a disk.
   */
  synchronized boolean put(NodeId peer, Message.ChunkAhead chunk) {
    Reading reading = new Reading(peer, chunk.reading());
    Optional<Early> there = Optional.ofNullable(files.get(chunk.path()));
    boolean welcome =
        there.isPresent()
            ? there.get().reading.peer().equals(peer)
            : files.size() < Limits.FILES_AHEAD_MAX;
    if (closed
        || !welcome
        || ended.contains(reading)
        || waitingBytes + weight(chunk) > Limits.BYTES_AHEAD_WAITING_MAX) {
      return false;
    }
    Early early = files.computeIfAbsent(chunk.path(), _ -> new Early(reading));
    early.reading = reading;
    early.sweep = sweeps;
    waitingBytes += weight(chunk);
    waiting.add(new Waiting(early, chunk));
    return true;
  }

  private static long weight(Message.ChunkAhead chunk) {
    return OVERHEAD_BYTES + chunk.path().length() + chunk.data().length();
  }

  private synchronized Optional<Waiting> next() {
    Optional<Waiting> next = Optional.ofNullable(waiting.poll());
    next.ifPresent(it -> waitingBytes -= weight(it.chunk));
    return next;
  }

  /** Writes a chunk that waits to its place; tells whether it did. */
  boolean writeNext(Predicate<RelativePath> wanted) {
    Optional<Waiting> next = next();
    if (next.isEmpty()) {
      return false;
    }
    RelativePath path = next.get().chunk.path();
    if (!wanted.test(path)) {
      take(path).ifPresent(Early::drop);
      return false;
    }
    return write(next.get());
  }

  private static boolean write(Waiting it) {
    byte[] bytes = it.chunk.data().sharedArray();
    try {
      Chunk.Data chunk = new Chunk.Data(Digests.of(bytes), bytes.length);
      return it.early.write(it.chunk.offset(), bytes, chunk);
    } catch (TreeException | IOException failure) {
      // Nobody knows how much of it was written.
      LOG.debug("nothing more of {} is staged early: {}", it.chunk.path(), failure.toString());
      it.early.drop();
      return false;
    }
  }

  /** What waits for a file that is begun is not to be asked for. */
  private void writeRest(Early early) {
    List<Waiting> rest = new ArrayList<>();
    synchronized (this) {
      waiting.stream().filter(it -> it.early == early).forEach(rest::add);
      waiting.removeIf(it -> it.early == early);
      rest.forEach(it -> waitingBytes -= weight(it.chunk));
    }
    rest.forEach(EarlyChunks::write);
  }

  /** What came of the file at {@code path}; no more is taken of it. */
  private synchronized Optional<Early> take(RelativePath path) {
    Optional<Early> early = Optional.ofNullable(files.remove(path));
    early.ifPresent(this::remember);
    return early;
  }

  private void remember(Early early) {
    ended.addLast(early.reading);
    if (ended.size() > ENDED_MAX) {
      ended.removeFirst();
    }
  }

  /** Opens {@code file} to be staged, with what of it came already. */
  Opened open(RelativePath path, Entry.File file, ChunkList list) throws TreeException {
    Optional<Early> early = file.size() < Limits.PART_BYTES_MIN ? Optional.empty() : take(path);
    early.ifPresent(this::writeRest);
    Optional<Parts.Begun> begun = early.flatMap(Early::end);
    if (begun.isEmpty()) {
      return new Opened(parts.open(file), Optional.empty());
    }
    Optional<Written> written = early.get().in(list);
    if (written.isEmpty()) {
      begun.get().drop();
      return new Opened(parts.open(file), Optional.empty());
    }
    Parts.Opened opened = parts.open(file, begun.get());
    return new Opened(opened.file(), opened.isBegun() ? written : Optional.empty());
  }

  /**
   * Drops what nobody wrote to since the sweep before this one: its change did not come.
   *
   * @return whether something is left
   */
  boolean sweep() {
    List<Early> late = new ArrayList<>();
    boolean left;
    synchronized (this) {
      files.values().stream().filter(early -> early.sweep < sweeps).forEach(late::add);
      files.values().removeAll(Set.copyOf(late));
      late.forEach(this::remember);
      sweeps++;
      left = !files.isEmpty();
    }
    late.forEach(Early::drop);
    return left;
  }

  /** Drops all that was not taken. */
  private void clear() {
    List<Early> all;
    synchronized (this) {
      all = List.copyOf(files.values());
      files.clear();
      all.forEach(this::remember);
    }
    all.forEach(Early::drop);
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    clear();
  }
}
