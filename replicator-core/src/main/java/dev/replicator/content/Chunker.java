package dev.replicator.content;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Cuts a file, fed from its start in pieces of any size, into chunks: FastCDC with normalised
 * chunking, and holes. Holds no bytes, copies none. Serves one file after the other; not for use by
 * several threads.
 */
public final class Chunker {
  /*
   * The same bytes give the same chunks on every node, whoever reads them and however.
   *
   * Holes come from content, never from the file system. The file is seen as blocks of
   * HOLE_BLOCK_BYTES, counted from offset 0. A whole block of zeros is hole, neighbours are one
   * hole; everything else is data, also zeros in a block that has another byte, or in the
   * incomplete block at the end. Each stretch of data between holes is cut for itself by FastCDC,
   * starting afresh. So the list is a function of the bytes alone: a reader that knows of a hole
   * only spares us looking at zeros (hole), and zeros that were really written become a hole on
   * the disk of a peer.
   *
   * While all bytes of the current block are zeros it is open which of the two it will be. Their
   * number is the offset within the block, so nothing else has to be kept to decide later.
   */
  private static final long BLOCK_MASK = Limits.HOLE_BLOCK_BYTES - 1L;

  /** More than come of the bytes that are read ahead of their digests. */
  private static final int OPEN_MAX = 256;

  private static final byte[] ZEROS = new byte[Limits.HOLE_BLOCK_BYTES];

  private final ChunkHash digests;
  private final int chunksMax;

  private List<Chunk> chunks = new ArrayList<>();

  /** The last chunks, of which the digests may be on their way. */
  private final Deque<Supplier<Chunk>> open = new ArrayDeque<>();

  private boolean tooLarge;

  /** Bytes of the file taken so far. */
  private long offset;

  /** Whether all bytes of the current block, maybe none, are zeros: part of neither kind yet. */
  private boolean undecided = true;

  /** Bytes of the open hole; 0 while {@link #dataLength} is not. */
  private long holeLength;

  /** Bytes of the open data chunk, all of them in {@link #digests}; 0 while in a hole. */
  private int dataLength;

  private long hash;

  public Chunker() {
    this(ChunkHash.atOnce());
  }

  /** One that has its digests made by {@code digests}, and asks for them at the end of a file. */
  public Chunker(ChunkHash digests) {
    this(digests, Limits.FILE_CHUNKS_MAX);
  }

  Chunker(ChunkHash digests, int chunksMax) {
    this.digests = digests;
    this.chunksMax = chunksMax;
  }

  /** Takes the next bytes of the file. */
  public void push(byte[] buffer, int from, int length) {
    Objects.checkFromIndexSize(from, length, buffer.length);
    int position = from;
    int end = from + length;
    while (position < end && !tooLarge) {
      int blockLeft = Limits.HOLE_BLOCK_BYTES - (int) (offset & BLOCK_MASK);
      int pieceEnd = Math.min(end, position + blockLeft);
      if (undecided) {
        position = takeZeros(buffer, position, pieceEnd);
      } else {
        takeData(buffer, position, pieceEnd);
        offset += pieceEnd - position;
        undecided = (offset & BLOCK_MASK) == 0;
        position = pieceEnd;
      }
    }
  }

  /** The same as pushing {@code length} zeros, without looking at them. */
  public void hole(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("hole of " + length + " bytes");
    }
    long head = Math.min(length, -offset & BLOCK_MASK);
    push(ZEROS, 0, (int) head);
    long blocks = (length - head) & ~BLOCK_MASK;
    if (blocks > 0 && !tooLarge) {
      takeBlocksOfZeros(blocks);
    }
    push(ZEROS, 0, (int) (length - head - blocks));
  }

  /**
   * Whether the file has more chunks than {@link Limits#FILE_CHUNKS_MAX}: the rest is not looked
   * at.
   */
  public boolean isTooLarge() {
    return tooLarge;
  }

  /**
   * Ends the file and makes ready for another one.
   *
   * @return empty when it {@link #isTooLarge}
   */
  public Optional<ChunkedContent> finish() {
    if (undecided && !tooLarge) {
      decideForData();
    }
    endData();
    endHole();
    Optional<ChunkedContent> content = Optional.empty();
    while (!open.isEmpty()) {
      chunks.add(open.remove().get());
    }
    if (!tooLarge) {
      ChunkList list = new ChunkList(chunks);
      content = Optional.of(new ChunkedContent(new Entry.File(Digests.of(list), offset), list));
    }
    reset();
    return content;
  }

  /** Forgets what was taken and makes ready for another file. */
  public void reset() {
    chunks = new ArrayList<>();
    open.clear();
    tooLarge = false;
    offset = 0;
    undecided = true;
    holeLength = 0;
    dataLength = 0;
    hash = 0;
    digests.reset();
  }

  /** Takes zeros up to the first other byte, at most to {@code end}; tells where it stopped. */
  private int takeZeros(byte[] buffer, int from, int end) {
    int mismatch = Arrays.mismatch(buffer, from, end, ZEROS, 0, end - from);
    int taken = mismatch < 0 ? end - from : mismatch;
    long blockEnd = (offset | BLOCK_MASK) + 1;
    if (offset + taken == blockEnd) {
      offset -= offset & BLOCK_MASK;
      takeBlocksOfZeros(Limits.HOLE_BLOCK_BYTES);
    } else {
      offset += taken;
      if (mismatch >= 0) {
        decideForData();
      }
    }
    return from + taken;
  }

  private void takeBlocksOfZeros(long length) {
    offset = Math.addExact(offset, length);
    endData();
    holeLength += length;
  }

  private void decideForData() {
    int zeros = (int) (offset & BLOCK_MASK);
    undecided = false;
    endHole();
    takeData(ZEROS, 0, zeros);
  }

  private void takeData(byte[] buffer, int from, int end) {
    int position = from;
    while (position < end) {
      int scanned = scan(buffer, position, end);
      int stop = Math.abs(scanned);
      digests.update(buffer, position, stop - position);
      dataLength += stop - position;
      position = stop;
      if (scanned < 0 || dataLength == Limits.CHUNK_BYTES_MAX) {
        endData();
      }
    }
  }

  /**
   * Rolls the hash over the next bytes of the open chunk, at most to its greatest length.
   *
   * @return where it stopped, negative when the content ends the chunk there
   */
  private int scan(byte[] buffer, int from, int end) {
    long[] table = Gear.TABLE;
    int limit = from + Math.min(end - from, Limits.CHUNK_BYTES_MAX - dataLength);
    int index = reach(Limits.CHUNK_BYTES_MIN - Gear.WINDOW_BYTES, from, limit);
    int tested = reach(Limits.CHUNK_BYTES_MIN, from, limit);
    int average = reach(Limits.CHUNK_BYTES_AVERAGE, from, limit);
    long rolling = hash;
    for (; index < tested; index++) {
      rolling = (rolling << 1) + table[buffer[index] & 0xff];
    }
    for (; index < average; index++) {
      rolling = (rolling << 1) + table[buffer[index] & 0xff];
      if ((rolling & Gear.MASK_BELOW_AVERAGE) == 0) {
        return -(index + 1);
      }
    }
    for (; index < limit; index++) {
      rolling = (rolling << 1) + table[buffer[index] & 0xff];
      if ((rolling & Gear.MASK_ABOVE_AVERAGE) == 0) {
        return -(index + 1);
      }
    }
    hash = rolling;
    return index;
  }

  /** Where the open chunk reaches {@code length}, within {@code from} and {@code limit}. */
  private int reach(int length, int from, int limit) {
    return from + Math.clamp(length - dataLength, 0, limit - from);
  }

  private void endData() {
    if (dataLength > 0) {
      Supplier<Digest> digest = digests.end();
      int length = dataLength;
      emit(() -> new Chunk.Data(digest.get(), length));
      dataLength = 0;
    }
    hash = 0;
  }

  private void endHole() {
    if (holeLength > 0) {
      digests.hole(holeLength);
      Chunk hole = new Chunk.Hole(holeLength);
      emit(() -> hole);
      holeLength = 0;
    }
  }

  private void emit(Supplier<Chunk> chunk) {
    if (chunks.size() + open.size() == chunksMax) {
      tooLarge = true;
    }
    if (!tooLarge) {
      open.add(chunk);
    }
    if (open.size() > OPEN_MAX) {
      // Long made: whoever makes digests aside is behind by less than that.
      chunks.add(open.remove().get());
    }
  }
}
