package dev.replicator.net.session;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bulk that waits to be written to one connection, the roots in turn: none waits for all that
 * another has to say. Added by any thread, taken by the network thread.
 */
final class Bulk {
  /** Fair, so that of those who wait for room nobody is forgotten. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final NavigableMap<Integer, OfRoot> roots = new TreeMap<>();
  private long bytes;
  private int lastRoot = -1;
  private boolean closed;

  /** Frames of one root, and their bytes until they are written. */
  private static final class OfRoot {
    final Queue<Frame> frames = new ArrayDeque<>();
    final Condition room;
    long bytes;

    OfRoot(Condition room) {
      this.room = room;
    }
  }

  /** Queues {@code frame}; false when there is more than a session may hold. */
  boolean add(Frame frame) {
    lock.lock();
    try {
      queue(of(frame.root()), frame);
      return bytes <= SessionLimits.BULK_QUEUE_BYTES_MAX;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues {@code frame} as soon as little of its root waits; drops it when nothing goes any more.
   */
  void addInTurn(Frame frame) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      OfRoot root = of(frame.root());
      while (!closed && root.bytes >= SessionLimits.BULK_OF_ROOT_BYTES_MAX) {
        root.room.await();
      }
      queue(root, frame);
      if (root.bytes < SessionLimits.BULK_OF_ROOT_BYTES_MAX) {
        root.room.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private OfRoot of(int root) {
    return roots.computeIfAbsent(root, _ -> new OfRoot(lock.newCondition()));
  }

  private void queue(OfRoot root, Frame frame) {
    if (!closed) {
      root.frames.add(frame);
      root.bytes += frame.body().length;
      bytes += frame.body().length;
    }
  }

  /** The frame whose turn it is; it counts until it is {@link #written}. */
  Optional<Frame> next() {
    lock.lock();
    try {
      Optional<Frame> next = take(roots.tailMap(lastRoot, false));
      return next.isPresent() ? next : take(roots);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Frame> take(NavigableMap<Integer, OfRoot> among) {
    for (Map.Entry<Integer, OfRoot> root : among.entrySet()) {
      Frame frame = root.getValue().frames.poll();
      if (frame != null) {
        lastRoot = root.getKey();
        return Optional.of(frame);
      }
    }
    return Optional.empty();
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return roots.values().stream().allMatch(root -> root.frames.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  void written(Frame frame) {
    lock.lock();
    try {
      OfRoot root = of(frame.root());
      root.bytes -= frame.body().length;
      bytes -= frame.body().length;
      root.room.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of all roots that are not written yet. */
  long bytes() {
    lock.lock();
    try {
      return closed ? 0 : bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits, and lets go who waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      for (OfRoot root : roots.values()) {
        root.frames.clear();
        root.room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
