package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import java.util.ArrayList;
import java.util.List;

/** What one node brings to stable storage, and when. */
final class SimulatedSync {
  private static final long HINT_LATE_MILLIS = 10_000;

  private final SimulatedNode node;
  private final List<Long> started = new ArrayList<>();
  private boolean stalls;

  SimulatedSync(SimulatedNode node) {
    this.node = node;
  }

  /** From now on nothing gets to stable storage. */
  void stall() {
    stalls = true;
  }

  void resume() {
    stalls = false;
  }

  /** When those syncs began that stall. */
  List<Long> started() {
    return started;
  }

  void begin() {
    long now = node.nowMillis();
    if (stalls) {
      started.add(now);
      return;
    }
    node.later(node.delay(), () -> write(now));
  }

  private long toldMillis(long startedMillis) {
    return node.faults().keepsOrder() ? startedMillis : startedMillis - HINT_LATE_MILLIS;
  }

  /** One that fails loses some of what was not written yet, whatever the next one says. */
  private void write(long startedMillis) {
    if (node.faults().failsSync()) {
      node.disk.failSync();
      node.handle(new Event.SyncFailed());
      node.faults().end(node);
      return;
    }
    node.disk.sync();
    node.later(
        node.delay(),
        () -> {
          node.journal().sync();
          node.post(new Event.Synced(startedMillis));
          node.watched(new Event.Told(toldMillis(startedMillis)));
        });
  }
}
