package dev.replicator.content;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How to make a wanted file from what is at hand: steps that cover it from offset 0 to its end, in
 * order and without overlap.
 *
 * <p>What comes from the base is only promised by the base's chunk list: who carries the plan out
 * checks each chunk against its digest, and asks for those that the base no longer holds.
 *
 * @param missing distinct chunks that are not at hand, in the order of their first place
 */
public record AssemblyPlan(List<Step> steps, List<MissingChunk> missing) {

  /** One range of the wanted file. */
  public sealed interface Step {
    /** Where it begins in the wanted file. */
    long offset();

    long length();

    /**
     * Whole data chunks of the wanted file that stand in the base one after the other too.
     *
     * @param firstChunk index of the first one in the wanted list
     * @param chunkCount how many, at least 1
     */
    record FromBase(long offset, long length, long baseOffset, int firstChunk, int chunkCount)
        implements Step {}

    /** A chunk whose bytes came with the change. */
    record FromInline(long offset, int index, Chunk.Data chunk) implements Step {
      @Override
      public long length() {
        return chunk.length();
      }
    }

    /** Zeros: nothing is written. */
    record Hole(long offset, long length) implements Step {}

    /**
     * A chunk to be asked for.
     *
     * @param index of the first place of this chunk in the wanted list: one answer serves all
     */
    record Missing(long offset, int index, Chunk.Data chunk) implements Step {
      @Override
      public long length() {
        return chunk.length();
      }
    }
  }

  /**
   * A chunk to be asked for once and written to each of its places.
   *
   * @param index of its first place in the wanted list
   * @param offsets of all its places in the wanted file, ascending
   */
  public record MissingChunk(int index, Chunk.Data chunk, List<Long> offsets) {
    public MissingChunk {
      offsets = List.copyOf(offsets);
    }
  }

  public AssemblyPlan {
    steps = List.copyOf(steps);
    missing = List.copyOf(missing);
  }

  /**
   * Plans {@code wanted} from {@code base} and the chunks that are {@code inline}; these come
   * first, because their bytes are in memory and known to be good.
   *
   * @param base chunks of a file at hand, {@link ChunkList#EMPTY} without one
   * @param inline digests of the chunks whose bytes came with the change
   */
  public static AssemblyPlan of(ChunkList wanted, ChunkList base, Set<Digest> inline) {
    return new Planner(base.chunks(), inline).plan(wanted.chunks());
  }

  /** Bytes that have to be fetched. */
  public long missingBytes() {
    return missing.stream().mapToLong(chunk -> chunk.chunk().length()).sum();
  }

  private static final class Planner {
    private static final int NOWHERE = -1;

    private final List<Chunk> base;
    private final Set<Digest> inline;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Chunk.Data, Integer> missingPlaces = new HashMap<>();
    private final List<Integer> missingIndexes = new ArrayList<>();
    private final List<List<Long>> missingOffsets = new ArrayList<>();

    private final long[] baseOffsets;

    /** First place of each chunk of the base; filled when it is first asked. */
    private final Map<Chunk.Data, Integer> basePlaces = new HashMap<>();

    /** The chunk of the base that continues what was found last. */
    private int nextBase;

    Planner(List<Chunk> base, Set<Digest> inline) {
      this.base = base;
      this.inline = inline;
      this.baseOffsets = new long[base.size()];
      long offset = 0;
      for (int index = 0; index < baseOffsets.length; index++) {
        baseOffsets[index] = offset;
        offset += base.get(index).length();
      }
    }

    AssemblyPlan plan(List<Chunk> wanted) {
      long offset = 0;
      for (int index = 0; index < wanted.size(); index++) {
        Chunk chunk = wanted.get(index);
        switch (chunk) {
          case Chunk.Hole(long length) -> {
            steps.add(new Step.Hole(offset, length));
            findContinuation(chunk);
          }
          case Chunk.Data data -> addData(offset, index, data);
        }
        offset += chunk.length();
      }
      return new AssemblyPlan(steps, missingChunks(wanted));
    }

    private void addData(long offset, int index, Chunk.Data chunk) {
      if (inline.contains(chunk.digest())) {
        steps.add(new Step.FromInline(offset, index, chunk));
        findContinuation(chunk);
        return;
      }
      int place = findContinuation(chunk);
      if (place == NOWHERE) {
        place = findAnywhere(chunk);
      }
      if (place == NOWHERE) {
        steps.add(new Step.Missing(offset, rememberMissing(offset, index, chunk), chunk));
      } else {
        addFromBase(offset, index, chunk, place);
      }
    }

    /**
     * Prefers the chunk after the one found last, so that runs stay whole among repeated chunks.
     */
    private int findContinuation(Chunk chunk) {
      if (nextBase < base.size() && base.get(nextBase).equals(chunk)) {
        nextBase++;
        return nextBase - 1;
      }
      return NOWHERE;
    }

    private int findAnywhere(Chunk.Data chunk) {
      if (basePlaces.isEmpty()) {
        for (int index = 0; index < base.size(); index++) {
          if (base.get(index) instanceof Chunk.Data data) {
            basePlaces.putIfAbsent(data, index);
          }
        }
      }
      int place = basePlaces.getOrDefault(chunk, NOWHERE);
      if (place != NOWHERE) {
        nextBase = place + 1;
      }
      return place;
    }

    private void addFromBase(long offset, int index, Chunk.Data chunk, int place) {
      long baseOffset = baseOffsets[place];
      if (!steps.isEmpty()
          && steps.getLast() instanceof Step.FromBase last
          && last.baseOffset() + last.length() == baseOffset) {
        steps.removeLast();
        steps.add(
            new Step.FromBase(
                last.offset(),
                last.length() + chunk.length(),
                last.baseOffset(),
                last.firstChunk(),
                last.chunkCount() + 1));
      } else {
        steps.add(new Step.FromBase(offset, chunk.length(), baseOffset, index, 1));
      }
    }

    private int rememberMissing(long offset, int index, Chunk.Data chunk) {
      int place = missingPlaces.computeIfAbsent(chunk, _ -> missingIndexes.size());
      if (place == missingIndexes.size()) {
        missingIndexes.add(index);
        missingOffsets.add(new ArrayList<>());
      }
      missingOffsets.get(place).add(offset);
      return missingIndexes.get(place);
    }

    private List<MissingChunk> missingChunks(List<Chunk> wanted) {
      List<MissingChunk> chunks = new ArrayList<>();
      for (int place = 0; place < missingIndexes.size(); place++) {
        int index = missingIndexes.get(place);
        chunks.add(
            new MissingChunk(index, (Chunk.Data) wanted.get(index), missingOffsets.get(place)));
      }
      return chunks;
    }
  }
}
