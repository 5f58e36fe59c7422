package dev.replicator.runtime;

import dev.replicator.port.DiskChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * How fast a whole tree is read: within its limit, and slowly while there are changes, which it
 * shall not delay. Thread-safe.
 */
final class VerifyPace {
  /** So much of what the limit allows may be made up for after a rest. */
  private static final long SAVED_NANOS = 100_000_000;

  /** After each buffer, while the root is at work. */
  private static final long REST_NANOS = 5_000_000;

  private final long bytesPerSecond;
  private final BooleanSupplier atWork;
  private final LongConsumer counted;
  private long dueNanos;

  /**
   * @param counted takes how many bytes more were read
   */
  VerifyPace(long bytesPerSecond, BooleanSupplier atWork, LongConsumer counted) {
    this.bytesPerSecond = bytesPerSecond;
    this.atWork = atWork;
    this.counted = counted;
    this.dueNanos = System.nanoTime();
  }

  /** So much was read: waits until more may be. An interrupt ends the wait. */
  private void read(int bytes) {
    counted.accept(bytes);
    if (atWork.getAsBoolean()) {
      LockSupport.parkNanos(REST_NANOS);
    }
    long due = dueAfter(bytes, System.nanoTime());
    for (long left = due - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private synchronized long dueAfter(int bytes, long now) {
    if (now - dueNanos > SAVED_NANOS) {
      dueNanos = now - SAVED_NANOS;
    }
    dueNanos += (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    return dueNanos;
  }

  /** Reads {@code channel} from its disk, at this pace. */
  DiskChannel of(SeekableByteChannel channel) throws IOException {
    if (channel instanceof DiskChannel disk) {
      disk.dropCached();
    }
    return new Paced(channel);
  }

  private final class Paced extends ForwardingChannel {
    Paced(SeekableByteChannel channel) {
      super(channel);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int read = super.read(into);
      VerifyPace.this.read(Math.max(0, read));
      return read;
    }
  }
}
