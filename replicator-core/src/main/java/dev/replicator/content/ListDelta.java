package dev.replicator.content;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.DeltaRun;
import dev.replicator.model.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one chunk list comes of another: a list of thousands of chunks of which one changed is told
 * in a few bytes.
 *
 * @param fresh places in the wanted list of the chunks that the base has not, ascending
 */
public record ListDelta(List<DeltaRun> runs, List<Integer> fresh) {
  private static final int NOWHERE = -1;

  public ListDelta {
    runs = List.copyOf(runs);
    fresh = List.copyOf(fresh);
  }

  /** Such that {@link #apply} makes {@code wanted} of {@code base} again. */
  public static ListDelta between(ChunkList base, ChunkList wanted) {
    return new Comparison(base.chunks()).with(wanted.chunks());
  }

  /** What {@code runs} make of {@code base}; empty when they do not belong to it. */
  public static Optional<ChunkList> apply(ChunkList base, List<DeltaRun> runs, ChunkList fresh) {
    if (!fits(base, runs, fresh)) {
      return Optional.empty();
    }
    List<Chunk> chunks = new ArrayList<>();
    int next = 0;
    for (DeltaRun run : runs) {
      chunks.addAll(base.chunks().subList(run.from(), run.from() + run.count()));
      chunks.addAll(fresh.chunks().subList(next, next + run.fresh()));
      next += run.fresh();
    }
    return Optional.of(new ChunkList(chunks));
  }

  /** Asked before anything is made: a few runs may name the same chunks a thousand times. */
  private static boolean fits(ChunkList base, List<DeltaRun> runs, ChunkList fresh) {
    long total = 0;
    long news = 0;
    for (DeltaRun run : runs) {
      if ((long) run.from() + run.count() > base.chunks().size()) {
        return false;
      }
      total += (long) run.count() + run.fresh();
      news += run.fresh();
    }
    return news == fresh.chunks().size() && total <= Limits.FILE_CHUNKS_MAX;
  }

  private static final class Comparison {
    private final List<Chunk> base;
    private final Map<Chunk, Integer> places = new HashMap<>();
    private final List<DeltaRun> runs = new ArrayList<>();
    private final List<Integer> fresh = new ArrayList<>();
    private int from;
    private int count;
    private int news;

    Comparison(List<Chunk> base) {
      this.base = base;
      for (int place = 0; place < base.size(); place++) {
        places.putIfAbsent(base.get(place), place);
      }
    }

    ListDelta with(List<Chunk> wanted) {
      for (int index = 0; index < wanted.size(); index++) {
        int place = place(wanted.get(index));
        if (place == NOWHERE) {
          news++;
          fresh.add(index);
        } else if (news == 0 && count > 0 && place == from + count) {
          count++;
        } else {
          end();
          from = place;
          count = 1;
        }
      }
      end();
      return new ListDelta(runs, fresh);
    }

    /** First the chunk after the last one: runs stay whole among chunks that repeat. */
    private int place(Chunk chunk) {
      int next = from + count;
      boolean continues = count > 0 && next < base.size() && base.get(next).equals(chunk);
      return continues ? next : places.getOrDefault(chunk, NOWHERE);
    }

    private void end() {
      if (count > 0 || news > 0) {
        runs.add(new DeltaRun(from, count, news));
      }
      from = 0;
      count = 0;
      news = 0;
    }
  }
}
