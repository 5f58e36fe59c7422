package dev.replicator.net.session;

import dev.replicator.model.Message.Lane;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one connection. Pings and pongs go first, then control, then bulk;
 * Netty is given a frame only while it holds little, so that nothing waits for more than one frame
 * of bulk. Frames are added by any thread and written by the network thread.
 */
final class Lanes {
  private final Channel channel;
  private final Waiting control = new Waiting(SessionLimits.CONTROL_QUEUE_BYTES_MAX);
  private final Waiting bulk = new Waiting(SessionLimits.BULK_QUEUE_BYTES_MAX);
  private final AtomicBoolean turnRequested = new AtomicBoolean();

  /** Of the network thread: a later ping or pong replaces one that waits. */
  private @Nullable Frame ping;

  private @Nullable Frame pong;
  private boolean writing;
  private volatile boolean closed;

  Lanes(Channel channel) {
    this.channel = channel;
  }

  /** Frames of a lane and their bytes, those in Netty included. */
  private static final class Waiting {
    final long bytesMax;
    final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    final AtomicLong bytes = new AtomicLong();

    Waiting(long bytesMax) {
      this.bytesMax = bytesMax;
    }
  }

  /** Queues {@code frame}; false when the lane is over its bound and the session has to end. */
  boolean add(Lane lane, Frame frame) {
    if (closed) {
      return true;
    }
    Waiting waiting = waiting(lane);
    long bytes = waiting.bytes.addAndGet(frame.body().length);
    waiting.frames.add(frame);
    requestTurn();
    return bytes <= waiting.bytesMax;
  }

  long queuedBytes(Lane lane) {
    return closed ? 0 : waiting(lane).bytes.get();
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
    control.frames.clear();
    bulk.frames.clear();
    ping = null;
    pong = null;
  }

  private Waiting waiting(Lane lane) {
    return switch (lane) {
      case CONTROL -> control;
      case BULK -> bulk;
    };
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
    return writeFrom(control) || writeFrom(bulk);
  }

  private boolean writeFrom(Waiting waiting) {
    Frame frame = waiting.frames.poll();
    if (frame == null) {
      return false;
    }
    int bytes = frame.body().length;
    channel
        .write(FrameFormat.encode(channel.alloc(), frame))
        .addListener(_ -> waiting.bytes.addAndGet(-bytes));
    return true;
  }

  private void send(Frame frame) {
    channel.write(FrameFormat.encode(channel.alloc(), frame), channel.voidPromise());
  }
}
