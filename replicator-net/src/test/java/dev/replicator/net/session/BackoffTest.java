package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff = new Backoff(100, 10_000, new Random(3));

  @Test
  void doublesItsBoundUpToTheMost() {
    List<Long> bounds = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      bounds.add(backoff.boundMillis());
      backoff.failed();
    }

    assertEquals(List.of(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L), bounds);
  }

  @Test
  void staysWithinItsBoundForever() {
    for (int i = 0; i < 10_000; i++) {
      backoff.failed();
      long wait = backoff.nextMillis();
      assertTrue(wait >= 0 && wait <= 10_000);
    }
  }

  @Test
  void beginsAnewAfterAReset() {
    backoff.failed();
    backoff.reset();

    assertEquals(100, backoff.boundMillis());
  }
}
