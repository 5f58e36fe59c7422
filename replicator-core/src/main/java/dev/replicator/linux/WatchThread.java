package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A cookie needs no mark among the events. The kernel queues an event before the call that caused
 * it returns, so what waits in the queue after a cookie was asked for includes all that happened
 * before. The thread takes the cookies, asks how much waits, reads that much, tells it, and only
 * then answers. An overflow is an event in that same queue and comes in its turn.
 */

/** The thread of a watcher: asleep until there are events, a cookie, a timer or the end. */
final class WatchThread {
  private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);
  private static final Duration END_MAX = Duration.ofMillis(900);
  private static final int WAIT_BYTES = 8;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final WatchSource source;
  private final int wake;
  private final Thread thread;
  private final Object lock = new Object();
  private List<Cookie> cookies = new ArrayList<>();
  private boolean ended;
  private volatile boolean closed;

  /**
   * Asked for by somebody.
   *
   * @param all whether what is kept back is told before
   */
  private record Cookie(Runnable seen, boolean all) {}

  /** Where events come from. Used by one thread at a time. */
  interface WatchSource extends AutoCloseable {
    /** Before the thread runs: returns once all that happens from now on will be told. */
    void begin() throws IOException;

    /** What cannot be seen; from any thread. */
    List<String> notes();

    /** What is polled for events; -1 while they may wait. */
    int descriptor();

    /** How much waits to be read, in the measure of {@link #read}. */
    long waiting();

    /** Reads once and tells what came; 0 when nothing waits. */
    long read() throws IOException;

    /** Tells all that was read and kept back: a cookie is to be answered. */
    void release() throws IOException;

    /** Does what is due; milliseconds until there is more to do, or -1. */
    int timers() throws IOException;

    /** Something broke on the way: what was read may not have been told. */
    void lost(String reason);

    /** Nothing will be read any more. */
    void failed(String reason);

    @Override
    void close();
  }

  private WatchThread(String name, WatchSource source, int wake) {
    this.source = source;
    this.wake = wake;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /** Owns the source from here on, and closes it when it cannot be. */
  static WatchThread over(String name, WatchSource source) throws IOException {
    int wake = WatchCalls.counter();
    if (wake < 0) {
      source.close();
    }
    return new WatchThread(name, source, WatchCalls.orThrow(wake, "cannot watch"));
  }

  void start() {
    thread.start();
  }

  /** Has {@code seen} run once all that happened before this call was told. */
  void cookie(Runnable seen) {
    ask(new Cookie(seen, true));
  }

  /** As {@link #cookie}, but for what is kept back. */
  void drained(Runnable told) {
    ask(new Cookie(told, false));
  }

  private void ask(Cookie cookie) {
    synchronized (lock) {
      if (!ended) {
        cookies.add(cookie);
        WatchCalls.count(wake);
        return;
      }
    }
    cookie.seen().run();
  }

  private void run() {
    String reason = "";
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment waits = arena.allocate(2 * WAIT_BYTES, Integer.BYTES);
      MemorySegment count = arena.allocate(Long.BYTES, Long.BYTES);
      waits.set(JAVA_INT, 0, wake);
      waits.set(JAVA_SHORT, 4, WatchCalls.POLLIN);
      waits.set(JAVA_SHORT, WAIT_BYTES + 4, WatchCalls.POLLIN);
      while (!closed) {
        await(waits, count);
        work(waits.get(JAVA_SHORT, WAIT_BYTES + 6) != 0);
      }
    } catch (IOException failure) {
      reason = String.valueOf(failure.getMessage());
    } catch (RuntimeException | Error broken) {
      LOG.error("{} ends", thread.getName(), broken);
      reason = broken.toString();
    } finally {
      end(reason);
    }
  }

  /** How long {@link WatchSource#timers} has to wait: the largest number means for ever. */
  static int pause(long nanos) {
    return nanos == Long.MAX_VALUE
        ? -1
        : (int) Math.clamp(nanos / NANOS_PER_MILLI + 1, 0, Integer.MAX_VALUE);
  }

  private void await(MemorySegment waits, MemorySegment count) throws IOException {
    int millis = timers();
    waits.set(JAVA_INT, WAIT_BYTES, source.descriptor());
    int ready = WatchCalls.poll(waits, 2, millis);
    if (ready < 0 && ready != -WatchCalls.EINTR) {
      WatchCalls.orThrow(ready, "cannot wait for events");
    }
    if (ready <= 0) {
      waits.set(JAVA_SHORT, 6, (short) 0);
      waits.set(JAVA_SHORT, WAIT_BYTES + 6, (short) 0);
    } else if (waits.get(JAVA_SHORT, 6) != 0) {
      // Only its being readable matters, not how often it was counted up.
      long unused = WatchCalls.read(wake, count);
    }
  }

  private int timers() throws IOException {
    try {
      return source.timers();
    } catch (RuntimeException broken) {
      lost(broken);
      return 0;
    }
  }

  private void lost(RuntimeException broken) {
    LOG.warn("{}: events were not told", thread.getName(), broken);
    source.lost("events were not told: " + broken);
  }

  private void work(boolean ready) throws IOException {
    List<Cookie> asked = take();
    try {
      long upTo = asked.isEmpty() ? 0 : source.waiting();
      if (ready || upTo > 0) {
        long read;
        do {
          read = source.read();
          upTo -= read;
        } while (!closed && read > 0 && upTo > 0);
      }
      if (asked.stream().anyMatch(Cookie::all)) {
        source.release();
      }
    } catch (RuntimeException broken) {
      lost(broken);
    } catch (IOException ending) {
      // They are answered once it is told that this watcher is none any more.
      giveBack(asked);
      throw ending;
    }
    answer(asked);
  }

  private void giveBack(List<Cookie> taken) {
    synchronized (lock) {
      cookies.addAll(0, taken);
    }
  }

  private List<Cookie> take() {
    synchronized (lock) {
      if (cookies.isEmpty()) {
        return List.of();
      }
      List<Cookie> taken = cookies;
      cookies = new ArrayList<>();
      return taken;
    }
  }

  private void answer(List<Cookie> asked) {
    for (Cookie cookie : asked) {
      try {
        cookie.seen().run();
      } catch (RuntimeException broken) {
        LOG.warn("{}: a cookie was not taken", thread.getName(), broken);
      }
    }
  }

  private void end(String reason) {
    try {
      if (!reason.isEmpty() && !closed) {
        source.failed(reason);
      }
    } finally {
      dispose();
    }
  }

  /** Frees everything; who waits for a cookie does not wait in vain. */
  private void dispose() {
    synchronized (lock) {
      ended = true;
      WatchCalls.close(wake);
    }
    source.close();
    answer(take());
  }

  /** Ends the thread; after this nothing is told. */
  void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      if (!ended) {
        WatchCalls.count(wake);
      }
    }
    if (thread.getState() == Thread.State.NEW) {
      dispose();
    } else if (thread != Thread.currentThread()) {
      join();
    }
  }

  private void join() {
    try {
      if (!thread.join(END_MAX)) {
        LOG.warn("{} is slow to end", thread.getName());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
