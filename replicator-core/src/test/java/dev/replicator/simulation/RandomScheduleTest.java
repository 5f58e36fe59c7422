package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters under users, partitions and crashes; more seeds with -Dsimulation.seeds=N. */
class RandomScheduleTest {
  private static final int SEEDS = 300;
  private static final int BLOCK = 50;

  static LongStream blocks() {
    long seeds = Long.getLong("simulation.seeds", SEEDS);
    return LongStream.range(0, (seeds + BLOCK - 1) / BLOCK).map(block -> block * BLOCK);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void disksEndEqualAndNothingIsLostOrComesBack(long first) {
    for (long seed = first; seed < first + BLOCK; seed++) {
      RandomSchedule.run(seed);
    }
  }

  /**
   * 5080: a write over a file that was put just before the power failed, before its first look, is
   * no write over what was put: it may have been torn.
   *
   * <p>9874: an absence that waits to be judged is none of what is put at the path meanwhile: its
   * author never saw that.
   *
   * <p>33529: a new name is put and deleted, and the events are lost before the kernel hears that
   * it was put: the scan finds it neither on the disk nor in the index.
   *
   * <p>55450: what an exchange displaced goes when the power undoes the exchange or its intent:
   * that is data which was not synced, and nobody's loss but the power's.
   *
   * <p>49071, 51212: a directory was put, the power took the note of it, and its mode was changed
   * before the start: that is somebody's change, and not what could not be enforced.
   */
  @ParameterizedTest
  @ValueSource(
      longs = {
        1024, 1109, 4022, 5080, 7543, 9081, 9874, 10365, 20431, 29316, 95973, 98581, 33529, 55450,
        49071, 51212
      })
  void whatOnceFailedDoesNotFailAgain(long seed) {
    RandomSchedule.run(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 17, 42})
  void sameSeedGivesTheSameTrace(long seed) {
    assertEquals(RandomSchedule.trace(seed), RandomSchedule.trace(seed));
  }
}
