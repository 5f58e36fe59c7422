package dev.replicator.runtime;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What waits for a root's thread. Any thread puts, one takes. */
final class Mailbox {
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  void put(Runnable task) {
    if (!closed) {
      tasks.add(task);
    }
  }

  /** Nobody takes any more: what waits is let go, and so is what comes. */
  void close() {
    closed = true;
    tasks.clear();
  }

  /** The next task, or null when none came in time. */
  @Nullable Runnable take(long millis) throws InterruptedException {
    Runnable ready = tasks.poll();
    return ready != null || millis <= 0 ? ready : tasks.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** The next task, when there is one and it is of this kind. */
  <T extends Runnable> Optional<T> next(Class<T> kind) {
    return kind.isInstance(tasks.peek())
        ? Optional.ofNullable(tasks.poll()).map(kind::cast)
        : Optional.empty();
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  int size() {
    return tasks.size();
  }
}
