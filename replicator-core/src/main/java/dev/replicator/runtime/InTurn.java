package dev.replicator.runtime;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs tasks in their order, one at a time: what there is much of takes one thread of many. */
final class InTurn implements Executor {
  private final Executor threads;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  InTurn(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    boolean first;
    synchronized (this) {
      tasks.add(task);
      first = !running;
      running = true;
    }
    if (first) {
      threads.execute(this::run);
    }
  }

  private synchronized Optional<Runnable> next() {
    Optional<Runnable> next = Optional.ofNullable(tasks.poll());
    running = next.isPresent();
    return next;
  }

  private void run() {
    Optional<Runnable> next = next();
    while (next.isPresent()) {
      next.get().run();
      next = next();
    }
  }
}
