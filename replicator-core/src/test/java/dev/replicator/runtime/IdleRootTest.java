package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.NodeId;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
  private final Clock real = MachineClock.open();
  private final AtomicLong steps = new AtomicLong();

  /** How many steps there were when the root was looked at. */
  private final BlockingQueue<Long> looks = new LinkedBlockingQueue<>();

  /** Every step is told the time of the wall. */
  private final Clock counting =
      new Clock() {
        @Override
        public long wallMillis() {
          steps.incrementAndGet();
          return real.wallMillis();
        }

        @Override
        public long monotonicNanos() {
          return real.monotonicNanos();
        }

        @Override
        public String bootId() {
          return real.bootId();
        }

        @Override
        public long bootMillis() {
          return real.bootMillis();
        }
      };

  @AfterEach
  void close() {
    mesh.close();
  }

  private Tree noting(Tree tree) {
    return (Tree)
        Proxy.newProxyInstance(
            Tree.class.getClassLoader(),
            new Class<?>[] {Tree.class},
            (_, method, arguments) -> {
              if (method.getName().equals("identity")) {
                looks.add(steps.get());
              }
              try {
                return method.invoke(tree, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
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
