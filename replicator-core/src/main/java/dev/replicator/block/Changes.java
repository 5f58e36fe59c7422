package dev.replicator.block;

import dev.replicator.port.CommandFollower;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells when a healthy root is worth a look: at once when DRBD says that something changed, and
 * after a pause all the same. What changed is not believed, only that something did. Without the
 * events, because the tool is missing or ended, the pause is short.
 */
final class Changes implements AutoCloseable {
  /** The mount and the cluster are in no event of DRBD. */
  private static final Duration PAUSE_FOLLOWING = Duration.ofSeconds(15);

  /** Each look starts some processes. */
  private static final Duration PAUSE_POLLING = Duration.ofSeconds(3);

  private static final List<String> EVENTS = List.of(Commands.DRBDSETUP, "events2");

  private final CommandFollower follower;
  private final Semaphore calls = new Semaphore(0);
  private Optional<CommandFollower.Following> following = Optional.empty();
  private volatile boolean changed;

  Changes(CommandFollower follower) {
    this.follower = follower;
  }

  /**
   * Comes back when something may have changed. Used from one thread.
   *
   * @param called what to do meanwhile for each {@link #call}
   */
  void await(Runnable called) throws InterruptedException {
    long end = System.nanoTime() + pause().toNanos();
    while (!changed && calls.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      calls.drainPermits();
      called.run();
    }
  }

  /** A look begins, which answers for all that was told before it. */
  void look() {
    changed = false;
  }

  /** The long one only with a tool that has lived from one look to the next. */
  private Duration pause() {
    if (following.filter(CommandFollower.Following::isAlive).isPresent()) {
      return PAUSE_FOLLOWING;
    }
    try {
      following = Optional.of(follower.follow(EVENTS, _ -> tell()));
    } catch (IOException missing) {
      following = Optional.empty();
    }
    return PAUSE_POLLING;
  }

  private void tell() {
    changed = true;
    call();
  }

  /** Has somebody answered while nothing changes; from any thread. */
  void call() {
    calls.release();
  }

  @Override
  public void close() {
    following.ifPresent(CommandFollower.Following::close);
  }
}
