package dev.replicator.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.AssemblyPlan.MissingChunk;
import dev.replicator.content.AssemblyPlan.Step;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AssemblyPlanTest {
  private static final Chunk.Data A = data(1, 10);
  private static final Chunk.Data B = data(2, 20);
  private static final Chunk.Data C = data(3, 30);
  private static final Chunk.Hole HOLE = new Chunk.Hole(Limits.HOLE_BLOCK_BYTES);

  static LongStream seeds() {
    return LongStream.range(0, 80);
  }

  @Test
  void copiesAdjacentChunksOfTheBaseAtOnce() {
    AssemblyPlan plan = AssemblyPlan.of(list(A, B, C), list(C, A, B), Set.of());

    assertEquals(
        List.of(new Step.FromBase(0, 30, 30, 0, 2), new Step.FromBase(30, 30, 0, 2, 1)),
        plan.steps());
    assertEquals(List.of(), plan.missing());
  }

  @Test
  void prefersInlineBytesAndGoesOnInTheBaseBehindThem() {
    AssemblyPlan plan = AssemblyPlan.of(list(A, B, A, C), list(A, B, A, C), Set.of(B.digest()));

    assertEquals(
        List.of(
            new Step.FromBase(0, 10, 0, 0, 1),
            new Step.FromInline(10, 1, B),
            new Step.FromBase(30, 40, 30, 2, 2)),
        plan.steps());
  }

  @Test
  void asksForARepeatedChunkOnce() {
    AssemblyPlan plan = AssemblyPlan.of(list(A, B, HOLE, B), list(A), Set.of());

    long behindHole = 30 + HOLE.length();
    assertEquals(
        List.of(
            new Step.FromBase(0, 10, 0, 0, 1),
            new Step.Missing(10, 1, B),
            new Step.Hole(30, HOLE.length()),
            new Step.Missing(behindHole, 1, B)),
        plan.steps());
    assertEquals(List.of(new MissingChunk(1, B, List.of(10L, behindHole))), plan.missing());
    assertEquals(20, plan.missingBytes());
  }

  @Test
  void doesNotTakeAChunkOfAnotherLengthForTheSame() {
    Chunk.Data liar = new Chunk.Data(A.digest(), 11);

    assertEquals(1, AssemblyPlan.of(list(A), list(liar), Set.of()).missing().size());
  }

  @Test
  void emptyFileNeedsNothing() {
    assertEquals(
        new AssemblyPlan(List.of(), List.of()),
        AssemblyPlan.of(ChunkList.EMPTY, list(A), Set.of()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsMissingWhenTheBaseIsWhatIsWanted(long seed) {
    ChunkList list = Contents.chunk(Contents.mixed(new Random(seed), 2_000_000)).chunks();

    AssemblyPlan plan = AssemblyPlan.of(list, list, Set.of());

    assertEquals(List.of(), plan.missing());
    for (Step step : plan.steps()) {
      if (step instanceof Step.FromBase copy) {
        assertEquals(copy.offset(), copy.baseOffset());
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void rebuildsTheWantedBytesFromAnyBase(long seed) {
    Random random = new Random(seed);
    byte[] base = Contents.mixed(random, 2_000_000);
    byte[] wanted = edit(random, base);
    ChunkList wantedChunks = Contents.chunk(wanted).chunks();
    Set<Digest> inline = new TreeSet<>();
    for (Chunk chunk : wantedChunks.chunks()) {
      if (chunk instanceof Chunk.Data data && random.nextInt(10) == 0) {
        inline.add(data.digest());
      }
    }

    AssemblyPlan plan = AssemblyPlan.of(wantedChunks, Contents.chunk(base).chunks(), inline);

    assertArrayEquals(wanted, carryOut(plan, base, wanted, wantedChunks));
  }

  /** Takes bytes of {@code wanted} only where the plan says that they are inline or fetched. */
  private static byte[] carryOut(
      AssemblyPlan plan, byte[] base, byte[] wanted, ChunkList wantedChunks) {
    byte[] built = new byte[Math.toIntExact(wantedChunks.size())];
    int position = 0;
    int index = 0;
    for (Step step : plan.steps()) {
      assertEquals(position, step.offset());
      int length = Math.toIntExact(step.length());
      switch (step) {
        case Step.FromBase copy -> {
          assertEquals(index, copy.firstChunk());
          System.arraycopy(base, (int) copy.baseOffset(), built, position, length);
          index += copy.chunkCount() - 1;
        }
        case Step.FromInline part -> {
          assertEquals(index, part.index());
          System.arraycopy(wanted, position, built, position, length);
        }
        case Step.Missing part -> assertTrue(part.index() <= index);
        case Step.Hole _ -> {}
      }
      position += length;
      index++;
    }
    assertEquals(wantedChunks.chunks().size(), index);
    for (MissingChunk missing : plan.missing()) {
      for (long offset : missing.offsets()) {
        int length = Math.toIntExact(missing.chunk().length());
        System.arraycopy(wanted, (int) offset, built, (int) offset, length);
      }
    }
    return built;
  }

  private static byte[] edit(Random random, byte[] bytes) {
    byte[] edited = bytes;
    for (int edits = random.nextInt(4); edits > 0 && edited.length > 0; edits--) {
      int at = random.nextInt(edited.length);
      byte[] stretch = Contents.mixed(random, 100_000);
      edited =
          switch (random.nextInt(3)) {
            case 0 -> ChunkerPropertyTest.insert(edited, at, stretch);
            case 1 -> java.util.Arrays.copyOf(edited, at);
            default -> ChunkerPropertyTest.insert(edited, 0, edited.clone());
          };
    }
    return edited;
  }

  private static Chunk.Data data(int digest, long length) {
    byte[] octets = new byte[Digest.LENGTH_BYTES];
    octets[0] = (byte) digest;
    return new Chunk.Data(Digest.of(octets), length);
  }

  private static ChunkList list(Chunk... chunks) {
    return new ChunkList(List.of(chunks));
  }
}
