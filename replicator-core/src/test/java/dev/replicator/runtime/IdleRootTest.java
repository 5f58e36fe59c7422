package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.NodeId;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root in which nothing happens does nothing but look whether it is still there. */
class IdleRootTest {
  private static final int LOOKS_MAX = 30;
  private static final long PATIENCE_SECONDS = 30;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final AtomicLong steps = new AtomicLong();

  /** How many steps there were when the root was looked at. */
  private final BlockingQueue<Long> looks = new LinkedBlockingQueue<>();

  /** Every step is told the time of the wall. */
  private final Clock counting =
      Noting.calls(
          Clock.class,
          MachineClock.open(),
          (method, _) -> steps.addAndGet(method.equals("wallMillis") ? 1 : 0));

  @AfterEach
  void close() {
    mesh.close();
  }

  private Tree noting(Tree tree) {
    return Noting.calls(
        Tree.class,
        tree,
        (method, _) -> {
          if (method.equals("identity")) {
            looks.add(steps.get());
          }
        });
  }

  @Test
  void isNotSteppedWhenNothingIsDue() throws Exception {
    NodeId self = EngineOnDisk.node(1);
    FileEngine engine =
        EngineOnDisk.at(directory, "a")
            .clock(counting)
            .trees(this::noting)
            .open(self, EngineOnDisk.node(2), mesh.link(self));
    engine.start();
    try {
      assertTrue(isAtRestWithinSomeLooks(), "each look at the root came with a step");
    } finally {
      engine.stop();
    }
  }

  private boolean isAtRestWithinSomeLooks() throws InterruptedException {
    int still = 0;
    long before = -1;
    for (int look = 0; look < LOOKS_MAX && still < 2; look++) {
      Long now = looks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(now != null, "the root is not looked at any more");
      still = now == before ? still + 1 : 0;
      before = now;
    }
    return still == 2;
  }
}
