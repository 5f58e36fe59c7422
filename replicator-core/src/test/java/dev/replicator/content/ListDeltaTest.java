package dev.replicator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.DeltaRun;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ListDeltaTest {
  private static final int ROUNDS = 2_000;

  private final SplittableRandom random = new SplittableRandom(11);

  private static Chunk data(int number) {
    byte[] octets = new byte[Digest.LENGTH_BYTES];
    octets[0] = (byte) number;
    octets[1] = (byte) (number >> 8);
    return new Chunk.Data(Digest.of(octets), 1 + number % 100);
  }

  private Chunk chunk(int kinds) {
    return random.nextInt(8) == 0 ? new Chunk.Hole(65_536L) : data(random.nextInt(kinds));
  }

  private ChunkList list(int kinds) {
    List<Chunk> chunks = new ArrayList<>();
    for (int left = random.nextInt(12); left > 0; left--) {
      chunks.add(chunk(kinds));
    }
    return new ChunkList(chunks);
  }

  private static ChunkList fresh(ListDelta delta, ChunkList wanted) {
    return new ChunkList(delta.fresh().stream().map(wanted.chunks()::get).toList());
  }

  @Test
  void makesTheWantedListOfAnyOther() {
    for (int round = 0; round < ROUNDS; round++) {
      int kinds = 1 + random.nextInt(20);
      ChunkList base = list(kinds);
      ChunkList wanted = list(kinds);
      ListDelta delta = ListDelta.between(base, wanted);
      assertEquals(Optional.of(wanted), ListDelta.apply(base, delta.runs(), fresh(delta, wanted)));
    }
  }

  @Test
  void tellsOneChangedChunkInTwoRuns() {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      chunks.add(data(i));
    }
    ChunkList base = new ChunkList(chunks);
    chunks.set(1_700, data(60_000));
    ListDelta delta = ListDelta.between(base, new ChunkList(chunks));
    assertEquals(List.of(new DeltaRun(0, 1_700, 1), new DeltaRun(1_701, 2_299, 0)), delta.runs());
    assertEquals(List.of(1_700), delta.fresh());
  }

  @Test
  void keepsRunsWholeAmongChunksThatRepeat() {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      chunks.add(data(0));
      chunks.add(data(i));
    }
    ChunkList base = new ChunkList(chunks);
    assertEquals(List.of(new DeltaRun(0, 200, 0)), ListDelta.between(base, base).runs());
  }

  @Test
  void refusesRunsThatDoNotBelongToTheBase() {
    ChunkList base = new ChunkList(List.of(data(1), data(2)));
    ChunkList fresh = new ChunkList(List.of(data(3)));
    Optional<ChunkList> refused = Optional.empty();
    assertEquals(refused, ListDelta.apply(base, List.of(new DeltaRun(1, 2, 1)), fresh));
    assertEquals(refused, ListDelta.apply(base, List.of(new DeltaRun(0, 2, 0)), fresh));
    assertEquals(refused, ListDelta.apply(base, List.of(new DeltaRun(0, 2, 2)), fresh));
    int most = Integer.MAX_VALUE;
    assertEquals(refused, ListDelta.apply(base, List.of(new DeltaRun(most, most, 1)), fresh));
  }

  @Test
  void makesNoListThatIsLongerThanAFileMayBe() {
    ChunkList base = new ChunkList(Collections.nCopies(100_000, data(1)));
    List<DeltaRun> runs =
        Collections.nCopies(Limits.FILE_CHUNKS_MAX / 100_000 + 1, new DeltaRun(0, 100_000, 0));
    assertEquals(Optional.empty(), ListDelta.apply(base, runs, ChunkList.EMPTY));
  }
}
