package dev.replicator.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory outside of the heap for what a call reads or writes. A few are kept and lent in turn: one
 * for each thread would be many where threads are virtual.
 */
final class Buffer implements AutoCloseable {
  /** Room for the longest value of an extended attribute, and for the list of their names. */
  static final int BYTES = 64 * 1_024;

  private static final int KEPT_MAX = 64;
  private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger KEPT = new AtomicInteger();

  private final MemorySegment memory;
  private final boolean kept;

  private Buffer(MemorySegment memory, boolean kept) {
    this.memory = memory;
    this.kept = kept;
  }

  static Buffer borrow() {
    MemorySegment free = FREE.poll();
    if (free != null) {
      return new Buffer(free, true);
    }
    if (KEPT.incrementAndGet() <= KEPT_MAX) {
      return new Buffer(Arena.global().allocate(BYTES, Long.BYTES), true);
    }
    KEPT.decrementAndGet();
    return new Buffer(Arena.ofAuto().allocate(BYTES, Long.BYTES), false);
  }

  MemorySegment memory() {
    return memory;
  }

  @Override
  public void close() {
    if (kept) {
      FREE.add(memory);
    }
  }
}
