package dev.replicator.linux;

import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.port.TreeException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps descriptors open while they are in use: once one is closed its number soon is that of
 * another file, and a call that still comes would change that.
 */
final class Gate {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /** Something that is done with descriptors. */
  interface Use<T> {
    T run() throws TreeException;
  }

  <T> T pass(Use<T> use) throws TreeException {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new TreeException(new Problem(Kind.WAITING, "the tree is closed"));
      }
      return use.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The same, but for nothing once it is closed. */
  void passUnlessClosed(Use<?> use) throws TreeException {
    lock.readLock().lock();
    try {
      if (!closed) {
        use.run();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for all who are inside, then closes what they used. */
  void close(Runnable closing) {
    lock.writeLock().lock();
    try {
      closed = true;
      closing.run();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
