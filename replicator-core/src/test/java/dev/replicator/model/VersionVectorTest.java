package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VersionVectorTest {
  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private static VersionVector any(SplittableRandom random) {
    TreeMap<ReplicaId, Long> counters = new TreeMap<>();
    for (int replica = 0; replica < 4; replica++) {
      if (random.nextBoolean()) {
        counters.put(new ReplicaId(-replica), random.nextLong(1, 4));
      }
    }
    return VersionVector.of(counters);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void joinIsTheLeastVectorThatCoversBoth(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    VersionVector a = any(random);
    VersionVector b = any(random);
    VersionVector c = any(random);
    assertEquals(a.join(b), b.join(a));
    assertEquals(a.join(b).join(c), a.join(b.join(c)));
    assertEquals(a, a.join(a));
    assertTrue(a.join(b).covers(a) && a.join(b).covers(b));
    assertEquals(c.covers(a) && c.covers(b), c.covers(a.join(b)));
    assertEquals(a.covers(b) && b.covers(a), a.equals(b));
  }

  @Test
  void coversEveryCounterUpToItsOwn() {
    ReplicaId replica = new ReplicaId(7);
    VersionVector vector = VersionVector.of(new Dot(replica, 2));
    assertTrue(vector.covers(new Dot(replica, 1)));
    assertTrue(vector.covers(new Dot(replica, 2)));
    assertFalse(vector.covers(new Dot(replica, 3)));
    assertFalse(vector.covers(new Dot(new ReplicaId(8), 1)));
    assertEquals(0, vector.counter(new ReplicaId(8)));
    assertEquals(vector, VersionVector.covering(List.of(new Dot(replica, 2), new Dot(replica, 1))));
  }

  @Test
  void refusesCountersBelowOne() {
    Map<ReplicaId, Long> none = Map.of(new ReplicaId(1), 0L);
    assertThrows(IllegalArgumentException.class, () -> VersionVector.of(none));
  }
}
