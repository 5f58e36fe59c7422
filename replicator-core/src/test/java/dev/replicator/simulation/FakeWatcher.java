package dev.replicator.simulation;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The watcher of a simulated disk. Its one queue holds what happened in its order; the simulator
 * says when each hint is told, or that the queue overflowed, or that the watcher died.
 */
public final class FakeWatcher implements Watcher {
  private static final RelativePath OWN = RelativePath.of(".replicator");

  /** How hints leave the queue. */
  public enum Delivery {
    /** Each as soon as it is there. */
    AT_ONCE,
    /** When {@link #deliver} is called. */
    ON_DEMAND
  }

  private final FakeDisk disk;
  private final Delivery delivery;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private Optional<Watch> watch = Optional.empty();

  public FakeWatcher(FakeDisk disk, Delivery delivery) {
    this.disk = disk;
    this.delivery = delivery;
  }

  /** Puts what the disk tells into the queue. */
  private final class Watch implements FakeDisk.Listener {
    private final Listener listener;

    Watch(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void changed(RelativePath path) {
      if (!path.isWithin(OWN)) {
        enqueue(() -> listener.changed(path));
      }
    }

    @Override
    public void appeared(RelativePath directory) {
      if (!directory.isWithin(OWN)) {
        enqueue(() -> listener.appeared(directory));
      }
    }

    @Override
    public void movedIn(RelativePath directory) {
      if (!directory.isWithin(OWN)) {
        enqueue(() -> listener.movedIn(directory));
      }
    }
  }

  private void enqueue(Runnable hint) {
    queue.add(hint);
    if (delivery == Delivery.AT_ONCE) {
      deliverAll();
    }
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities("simulated", true, true);
  }

  @Override
  public void start(Listener listener) {
    Watch started = new Watch(listener);
    watch = Optional.of(started);
    disk.listen(started);
  }

  @Override
  public void cookie(Runnable seen) {
    enqueue(seen);
  }

  /** Hints and cookies that wait. */
  public int queued() {
    return queue.size();
  }

  /** Tells the oldest hint, if there is one. */
  public void deliver() {
    Optional.ofNullable(queue.poll()).ifPresent(Runnable::run);
  }

  public void deliverAll() {
    while (!queue.isEmpty()) {
      deliver();
    }
  }

  /** All that waits is lost, cookies too; the listener is told to look for itself. */
  public void overflow() {
    queue.clear();
    watch.ifPresent(
        current -> enqueue(() -> current.listener.suspect(RelativePath.ROOT, "queue overflow")));
  }

  /** The watcher dies: what waits is lost. */
  public void fail() {
    Optional<Watch> last = watch;
    close();
    last.ifPresent(dead -> dead.listener.failed("simulated failure"));
  }

  @Override
  public void close() {
    watch.ifPresent(disk::forget);
    watch = Optional.empty();
    queue.clear();
  }
}
