package dev.replicator.runtime;

import dev.replicator.content.AssemblyPlan;
import dev.replicator.content.Digests;
import dev.replicator.content.ListDelta;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.DiskChannel;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a file together from what is here and what peers send; every chunk is verified: before it is
 * written, or where the kernel copied it, in the file that nobody else can write to.
 */
final class Assembler {
  private static final Logger LOG = LoggerFactory.getLogger(Assembler.class);

  /** Longer than an exchange takes. */
  private static final long LEAVING_MILLIS_MAX = 2_000;

  private static final Entry.File EMPTY = new Entry.File(Digests.of(ChunkList.EMPTY), 0);
  private static final int PAGE_BYTES = 4_096;
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private final LocalContent content;
  private final ContentCache cache;
  private final Transfer transfer;

  Assembler(LocalContent content, ContentCache cache, Transfer transfer) {
    this.content = content;
    this.cache = cache;
    this.transfer = transfer;
  }

  /** What is to be put together. */
  record Order(
      RelativePath path, Entry.File file, Optional<Materialised> base, List<NodeId> sources) {}

  /** A file of which the wanted one has chunks. */
  private record Like(ChunkList chunks, SeekableByteChannel channel) {}

  /** The chunk list, from this node or from a source. */
  ChunkList chunks(Order order) throws TreeException, InterruptedException {
    Digest digest = order.file().digest();
    if (order.file().equals(EMPTY)) {
      return ChunkList.EMPTY;
    }
    Optional<ChunkList> known = content.chunks(digest).filter(list -> isOf(order.file(), list));
    if (known.isPresent()) {
      return known.get();
    }
    Optional<ChunkList> told = cache.findDelta(digest).flatMap(this::applied);
    if (told.isPresent() && told.get().size() == order.file().size()) {
      return told.get();
    }
    String reason = "";
    for (NodeId source : order.sources()) {
      try {
        ChunkList list = transfer.manifest(source, order.path(), order.file());
        if (list.size() == order.file().size()) {
          return list;
        }
        reason = "peer " + source + " sent a chunk list of another size";
      } catch (FetchException failure) {
        reason = String.valueOf(failure.getMessage());
      }
    }
    throw new TreeException(new Problem(Problem.Kind.CONTENT_MISSING, reason));
  }

  /** A record may name the size of another file than the one that its digest names. */
  private static boolean isOf(Entry.File file, ChunkList list) {
    return Digests.of(list).equals(file.digest()) && list.size() == file.size();
  }

  /** What a delta makes of its base, when that is known and it makes what it should. */
  private Optional<ChunkList> applied(Message.ContentDelta delta) {
    return content
        .chunks(delta.base())
        .flatMap(base -> ListDelta.apply(base, delta.runs(), delta.fresh()))
        .filter(list -> Digests.of(list).equals(delta.digest()));
  }

  /** The content as it came with its record. */
  Optional<Message.InlineContent> atHand(Entry.File file) {
    return cache.findWhole(file.digest()).filter(inline -> isOf(file, inline.chunks()));
  }

  /** Writes what came with its record; false when it was not what it should be. */
  boolean writeAtHand(Message.InlineContent inline, SeekableByteChannel channel)
      throws IOException {
    boolean whole = writeInline(inline, channel);
    if (!whole) {
      cache.remove(inline.digest());
    }
    return whole;
  }

  /** Writes the content to {@code channel}; holes are left out. */
  void write(Order order, ChunkList list, SeekableByteChannel channel)
      throws TreeException, IOException, InterruptedException {
    write(order, list, channel, Optional.empty());
  }

  /**
   * The same.
   *
   * @param ahead what was written to {@code channel} before, where that is known
   * @return chunks that need not be fetched because of that
   */
  int write(
      Order order, ChunkList list, SeekableByteChannel channel, Optional<EarlyChunks.Written> ahead)
      throws TreeException, IOException, InterruptedException {
    Optional<Message.InlineContent> inline = cache.findWhole(order.file().digest());
    if (inline.isPresent() && inline.get().chunks().equals(list)) {
      if (writeInline(inline.get(), channel)) {
        return 0;
      }
      cache.remove(order.file().digest());
    }
    // What an earlier attempt left is not verified: a crash may have come between copy and look.
    boolean goesOn = ahead.map(it -> !it.isRight()).orElse(channel.size() > 0);
    TreeMap<Long, AssemblyPlan.MissingChunk> missing = new TreeMap<>();
    int spared = 0;
    Optional<SeekableByteChannel> here = openHere(order.file().digest());
    if (here.isPresent()) {
      try (SeekableByteChannel from = here.get()) {
        copy(AssemblyPlan.of(list, list, Set.of()), list, from, channel, missing, goesOn);
      }
    } else {
      spared = putTogether(order, list, channel, missing, goesOn, ahead);
    }
    if (goesOn && ahead.isEmpty()) {
      missing.values().removeIf(chunk -> isWritten(chunk, channel));
    }
    fetch(order, new ArrayList<>(missing.values()), channel, goesOn);
    return spared;
  }

  /** A file that ends in a hole is longer than what was written. */
  static void lengthen(SeekableByteChannel channel, long size) throws IOException {
    if (channel.size() < size) {
      channel.position(size - 1).write(ByteBuffer.allocate(1));
    }
  }

  /** Whether an earlier attempt wrote a chunk to all of its places. */
  private static boolean isWritten(AssemblyPlan.MissingChunk chunk, SeekableByteChannel channel) {
    try {
      for (long offset : chunk.offsets()) {
        if (LocalContent.read(channel, offset, chunk.chunk()).isEmpty()) {
          return false;
        }
      }
      return true;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** From the vault or another path, also when it is only on its way from there to the vault. */
  private Optional<SeekableByteChannel> openHere(Digest file)
      throws IOException, InterruptedException {
    Optional<SeekableByteChannel> here = content.openAnywhere(file);
    return here.isPresent() ? here : openLeaving(file);
  }

  private Optional<SeekableByteChannel> openLeaving(Digest file)
      throws IOException, InterruptedException {
    Optional<CompletableFuture<Void>> coming = content.leaving().over(file);
    if (coming.isPresent()) {
      try {
        coming.get().get(LEAVING_MILLIS_MAX, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException late) {
        // Then a peer is asked.
      }
    }
    // Also when nothing was leaving: what left in between is in the vault by now.
    return content.openKept(file);
  }

  /**
   * From what came with the change, and a file that is like it.
   *
   * @return chunks that it takes besides, and that came ahead of the change
   */
  private int putTogether(
      Order order,
      ChunkList list,
      SeekableByteChannel channel,
      TreeMap<Long, AssemblyPlan.MissingChunk> missing,
      boolean goesOn,
      Optional<EarlyChunks.Written> ahead)
      throws IOException, InterruptedException {
    Optional<Message.ContentDelta> delta = cache.findDelta(order.file().digest());
    Map<Digest, byte[]> fresh = delta.map(Assembler::fresh).orElse(Map.of());
    Optional<Like> like = openLike(order, delta);
    ChunkList base = like.map(Like::chunks).orElse(ChunkList.EMPTY);
    AssemblyPlan plan = AssemblyPlan.of(list, base, fresh.keySet());
    for (AssemblyPlan.Step step : plan.steps()) {
      if (step instanceof AssemblyPlan.Step.FromInline inline) {
        byte[] bytes = fresh.getOrDefault(inline.chunk().digest(), new byte[0]);
        write(channel, inline.offset(), bytes, 0, bytes.length, goesOn);
      }
    }
    List<AssemblyPlan.MissingChunk> lacking =
        plan.missing().stream()
            .filter(chunk -> ahead.isEmpty() || !ahead.get().has(chunk))
            .toList();
    lacking.forEach(chunk -> missing.put((long) chunk.index(), chunk));
    if (like.isPresent()) {
      try (SeekableByteChannel from = like.get().channel()) {
        copy(plan, list, from, channel, missing, goesOn);
      }
    }
    return plan.missing().size() - lacking.size();
  }

  /** What the delta was made against; else what is under the path now. */
  private Optional<Like> openLike(Order order, Optional<Message.ContentDelta> delta)
      throws IOException, InterruptedException {
    List<Digest> candidates = new ArrayList<>();
    delta.map(Message.ContentDelta::base).ifPresent(candidates::add);
    order.base().flatMap(was -> was.entry().content()).ifPresent(candidates::add);
    for (Digest candidate : candidates) {
      Optional<ChunkList> chunks = content.chunks(candidate);
      Optional<SeekableByteChannel> opened =
          chunks.isPresent() ? openLike(order.path(), candidate) : Optional.empty();
      if (opened.isPresent()) {
        return Optional.of(new Like(chunks.get(), opened.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<SeekableByteChannel> openLike(RelativePath path, Digest file)
      throws IOException, InterruptedException {
    Optional<SeekableByteChannel> here = content.open(path, file);
    return here.isPresent() ? here : openLeaving(file);
  }

  /** The new chunks of a delta that are what they should be. */
  private static Map<Digest, byte[]> fresh(Message.ContentDelta delta) {
    Map<Digest, byte[]> fresh = new HashMap<>();
    byte[] data = delta.data().sharedArray();
    int position = 0;
    for (Chunk chunk : delta.fresh().chunks()) {
      if (chunk instanceof Chunk.Data it) {
        int end = position + (int) it.length();
        if (end <= data.length
            && Digests.of(data, position, (int) it.length()).equals(it.digest())) {
          fresh.put(it.digest(), Arrays.copyOfRange(data, position, end));
        }
        position = end;
      }
    }
    return fresh;
  }

  private static void copy(
      AssemblyPlan plan,
      ChunkList list,
      SeekableByteChannel from,
      SeekableByteChannel to,
      TreeMap<Long, AssemblyPlan.MissingChunk> missing,
      boolean goesOn)
      throws IOException {
    for (AssemblyPlan.Step step : plan.steps()) {
      if (step instanceof AssemblyPlan.Step.FromBase base) {
        copy(base, list, from, to, missing, goesOn);
      }
    }
  }

  private static void copy(
      AssemblyPlan.Step.FromBase step,
      ChunkList list,
      SeekableByteChannel from,
      SeekableByteChannel to,
      TreeMap<Long, AssemblyPlan.MissingChunk> missing,
      boolean goesOn)
      throws IOException {
    Copied copied = copied(step, from, to);
    List<Chunk> chunks =
        list.chunks().subList(step.firstChunk(), step.firstChunk() + step.chunkCount());
    ChunkReads reads =
        copied == Copied.WHOLE
            ? new ChunkReads(to, step.offset())
            : new ChunkReads(from, step.baseOffset());
    reads.read(
        chunks,
        read -> {
          int index = step.firstChunk() + read.number();
          long offset = step.offset() + read.distance();
          if (read.bytes().isEmpty()) {
            missing.put(
                (long) index, new AssemblyPlan.MissingChunk(index, read.chunk(), List.of(offset)));
            if (copied != Copied.NOT) {
              writeAll(to, offset, ByteBuffer.allocate((int) read.chunk().length()));
            }
          } else if (copied != Copied.WHOLE) {
            byte[] bytes = read.bytes().get();
            write(to, offset, bytes, 0, bytes.length, goesOn || copied == Copied.PARTLY);
          }
        });
  }

  /** What of a range the kernel copied; the rest is read chunk by chunk. */
  private enum Copied {
    NOT,
    PARTLY,
    WHOLE
  }

  private static Copied copied(
      AssemblyPlan.Step.FromBase step, SeekableByteChannel from, SeekableByteChannel to)
      throws IOException {
    try {
      return to instanceof DiskChannel disk
              && disk.copyFrom(from, step.baseOffset(), step.length(), step.offset())
          ? Copied.WHOLE
          : Copied.NOT;
    } catch (IOException failure) {
      if (failure instanceof ClosedChannelException
          || TreeException.problemOf(failure).kind() != Problem.Kind.INPUT_OUTPUT) {
        throw failure;
      }
      LOG.warn("cannot copy what is here, perhaps for a bad sector: {}", failure.toString());
      return Copied.PARTLY;
    }
  }

  private void fetch(
      Order order,
      List<AssemblyPlan.MissingChunk> missing,
      SeekableByteChannel channel,
      boolean goesOn)
      throws TreeException, IOException, InterruptedException {
    List<AssemblyPlan.MissingChunk> open = new ArrayList<>(missing);
    String reason = "";
    for (NodeId source : order.sources()) {
      if (open.isEmpty()) {
        return;
      }
      try {
        transfer.chunks(
            source,
            order.path(),
            order.file().digest(),
            List.copyOf(open),
            (chunk, bytes) -> {
              for (long offset : chunk.offsets()) {
                write(channel, offset, bytes, 0, bytes.length, goesOn);
              }
              open.remove(chunk);
            });
      } catch (FetchException failure) {
        reason = String.valueOf(failure.getMessage());
      }
    }
    if (!open.isEmpty()) {
      throw new TreeException(new Problem(Problem.Kind.CONTENT_MISSING, reason));
    }
  }

  /** Writes a content chunk by chunk; false at the first that is not what it should be. */
  static boolean writeInline(Message.InlineContent inline, SeekableByteChannel channel)
      throws IOException {
    boolean goesOn = channel.size() > 0;
    byte[] data = inline.data().sharedArray();
    int position = 0;
    long offset = 0;
    for (Chunk chunk : inline.chunks().chunks()) {
      if (chunk instanceof Chunk.Data it) {
        int length = (int) it.length();
        boolean good =
            position + length <= data.length
                && Digests.of(data, position, length).equals(it.digest());
        if (!good) {
          return false;
        }
        write(channel, offset, data, position, length, goesOn);
        position += length;
      }
      offset += chunk.length();
    }
    return position == data.length;
  }

  /**
   * Pages of zeros stay holes.
   *
   * @param over what anything else than zeros may stand in: then zeros are written as well
   */
  static void write(
      SeekableByteChannel channel, long offset, byte[] bytes, int from, int length, boolean over)
      throws IOException {
    if (over) {
      writeAll(channel, offset, ByteBuffer.wrap(bytes, from, length));
      return;
    }
    int written = 0;
    int position = 0;
    while (position < length) {
      int end = (int) Math.min(length, position + PAGE_BYTES - (offset + position) % PAGE_BYTES);
      if (Arrays.equals(bytes, from + position, from + end, ZEROS, 0, end - position)) {
        writeAll(
            channel, offset + written, ByteBuffer.wrap(bytes, from + written, position - written));
        written = end;
      }
      position = end;
    }
    writeAll(channel, offset + written, ByteBuffer.wrap(bytes, from + written, length - written));
  }

  private static void writeAll(SeekableByteChannel channel, long offset, ByteBuffer buffer)
      throws IOException {
    channel.position(offset);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
