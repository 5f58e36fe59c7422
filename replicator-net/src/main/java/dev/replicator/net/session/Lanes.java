package dev.replicator.net.session;

import dev.replicator.model.Message.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one connection. Pings and pongs go first, then control, then bulk;
 * Netty is given a frame only while it holds little, so that nothing waits for more than one frame
 * of bulk. Bulk may have a {@link Pace}, for which nothing else waits. Frames are added by any
 * thread and written by the network thread.
 */
final class Lanes {
  private final Channel channel;
  private final Queue<Frame> control = new ConcurrentLinkedQueue<>();
  private final AtomicLong controlBytes = new AtomicLong();
  private final Bulk bulk = new Bulk();
  private final AtomicBoolean turnRequested = new AtomicBoolean();

  /** Of the network thread: a later ping or pong replaces one that waits. */
  private @Nullable Frame ping;

  private @Nullable Frame pong;

  /** Of the network thread. */
  private Pace pace = new Pace();

  /** When bulk may go on, while it is its pace that it waits for. */
  private @Nullable Future<?> goingOn;

  private boolean writing;
  private volatile boolean closed;

  /** Set with the frame that is one too many: what comes later must not go without it. */
  private volatile boolean overfull;

  Lanes(Channel channel) {
    this.channel = channel;
  }

  /**
   * Queues {@code frame}; false when the lane is over its bound and the session has to end. Until
   * it does, all further frames are dropped, however long the network thread takes to end it.
   */
  boolean add(Lane lane, Frame frame) {
    if (closed || overfull) {
      return true;
    }
    boolean within =
        switch (lane) {
          case CONTROL -> addControl(frame);
          case BULK -> bulk.add(frame);
        };
    if (!within) {
      overfull = true;
    }
    requestTurn();
    return within;
  }

  private boolean addControl(Frame frame) {
    long bytes = controlBytes.addAndGet(frame.body().length);
    control.add(frame);
    return bytes <= SessionLimits.CONTROL_QUEUE_BYTES_MAX;
  }

  /** Queues {@code frame} of bulk once little of its root waits; blocks until then. */
  void addInTurn(Frame frame) throws InterruptedException {
    if (overfull) {
      return;
    }
    bulk.addInTurn(frame);
    requestTurn();
  }

  /** Bytes that are not written yet, those in Netty included. */
  long queuedBytes(Lane lane) {
    if (closed) {
      return 0;
    }
    return switch (lane) {
      case CONTROL -> controlBytes.get();
      case BULK -> bulk.bytes();
    };
  }

  /** Of the network thread: bulk goes at {@code pace} from now on, which may have changed. */
  void paceBy(Pace given) {
    pace = given;
    cancelGoingOn();
    write();
  }

  /** Of the network thread. */
  void ping(Frame frame) {
    ping = frame;
    write();
  }

  /** Of the network thread. */
  void pong(Frame frame) {
    pong = frame;
    write();
  }

  /** Of the network thread: the channel can take more, or there is more. */
  void write() {
    if (writing || closed) {
      return;
    }
    writing = true;
    try {
      int written = 0;
      while (channel.isWritable() && writeNext()) {
        written++;
        if (!channel.isWritable()) {
          channel.flush();
        }
        if (written == SessionLimits.FRAMES_PER_TURN_MAX) {
          requestTurn();
          break;
        }
      }
      channel.flush();
    } finally {
      writing = false;
    }
  }

  void close() {
    closed = true;
    control.clear();
    bulk.close();
    cancelGoingOn();
    ping = null;
    pong = null;
  }

  private void requestTurn() {
    if (turnRequested.compareAndSet(false, true)) {
      channel.eventLoop().execute(this::turn);
    }
  }

  private void turn() {
    turnRequested.set(false);
    write();
  }

  private boolean writeNext() {
    Frame urgent = pong;
    if (urgent != null) {
      pong = null;
      send(urgent);
      return true;
    }
    urgent = ping;
    if (urgent != null) {
      ping = null;
      send(urgent);
      return true;
    }
    return writeControl() || writeBulk();
  }

  private boolean writeControl() {
    Frame frame = control.poll();
    if (frame == null) {
      return false;
    }
    int bytes = frame.body().length;
    channel
        .write(FrameFormat.encode(channel.alloc(), frame))
        .addListener(_ -> controlBytes.addAndGet(-bytes));
    return true;
  }

  private boolean writeBulk() {
    if (bulk.isEmpty()) {
      return false;
    }
    long now = System.nanoTime();
    long wait = pace.waitNanos(now);
    if (wait > 0) {
      goOnAfter(wait);
      return false;
    }
    Optional<Frame> next = bulk.next();
    next.ifPresent(frame -> {
      ByteBuf encoded = FrameFormat.encode(channel.alloc(), frame);
      pace.sent(encoded.readableBytes(), now);
      channel.write(encoded).addListener(_ -> bulk.written(frame));
    });
    return next.isPresent();
  }

  private void goOnAfter(long nanos) {
    if (goingOn == null) {
      goingOn = channel.eventLoop().schedule(this::goOn, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void goOn() {
    goingOn = null;
    write();
  }

  private void cancelGoingOn() {
    Future<?> waiting = goingOn;
    if (waiting != null) {
      waiting.cancel(false);
      goingOn = null;
    }
  }

  private void send(Frame frame) {
    channel.write(FrameFormat.encode(channel.alloc(), frame), channel.voidPromise());
  }
}
