package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  @Test
  void endsInTimeAndLeavesNoThread() {
    long before = System.nanoTime();

    WarmUp.run(Node.CLOCK, FakeCodec.HELLO, 5_000);

    assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(10));
  }
}
