package dev.replicator.runtime;

import dev.replicator.port.Watcher;
import java.util.concurrent.CountDownLatch;

/** Places its watches for as long as a test wants; the first scan waits for that. Tells nothing. */
final class SlowWatcher implements Watcher {
  /** Counts down when it is started. */
  final CountDownLatch starting = new CountDownLatch(1);

  /** What it waits for. */
  final CountDownLatch mayStart = new CountDownLatch(1);

  @Override
  public Capabilities capabilities() {
    return new Capabilities("slow", true, true);
  }

  @Override
  public void start(Listener listener) {
    starting.countDown();
    try {
      mayStart.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void cookie(Runnable seen) {
    seen.run();
  }

  @Override
  public void close() {
    mayStart.countDown();
  }
}
