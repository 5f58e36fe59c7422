package dev.replicator.linux;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.util.concurrent.CountDownLatch;

/** A listener that can be made to hold up its watcher, or to break. */
final class WatchGate implements Watcher.Listener {
  private final Watcher.Listener behind;
  private final CountDownLatch blocked = new CountDownLatch(1);
  private volatile CountDownLatch opened = new CountDownLatch(0);
  private volatile boolean broken;

  WatchGate(Watcher.Listener behind) {
    this.behind = behind;
  }

  void close() {
    opened = new CountDownLatch(1);
  }

  void open() {
    opened.countDown();
  }

  void awaitBlocked() throws InterruptedException {
    blocked.await();
  }

  void throwOnce() {
    broken = true;
  }

  private void pass() {
    if (broken) {
      broken = false;
      throw new IllegalStateException("thrown by a test");
    }
    CountDownLatch gate = opened;
    if (gate.getCount() > 0) {
      blocked.countDown();
      try {
        gate.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void changed(RelativePath path) {
    pass();
    behind.changed(path);
  }

  @Override
  public void appeared(RelativePath directory) {
    pass();
    behind.appeared(directory);
  }

  @Override
  public void suspect(RelativePath scope, String reason) {
    behind.suspect(scope, reason);
  }

  @Override
  public void failed(String reason) {
    behind.failed(reason);
  }
}
