package dev.replicator.net.session;

import java.util.concurrent.TimeUnit;

/** Bounds of a connection that are no property of the messages in it; all are local decisions. */
public final class SessionLimits {
  /** Any frame before the session stands. */
  public static final int OPENING_FRAME_BYTES_MAX = 16 * 1_024;

  /** A peer that leaves more control bytes than this unread is cut off. */
  public static final long CONTROL_QUEUE_BYTES_MAX = 64L * 1_024 * 1_024;

  /** Bulk of one root that may wait: who has more is held back until some of it is written. */
  static final long BULK_OF_ROOT_BYTES_MAX = 1_024 * 1_024;

  /** Far above what all roots may have waiting; who does not let himself be held back ends it. */
  public static final long BULK_QUEUE_BYTES_MAX = 128L * 1_024 * 1_024;

  /** What Netty may hold of us: control waits for this and one frame of bulk, never for more. */
  public static final int WRITTEN_BYTES_MAX = 64 * 1_024;

  /** What the kernel may hold of us and has not sent. */
  public static final int UNSENT_BYTES_MAX = 128 * 1_024;

  /** What is read from a connection with one call. */
  static final int READ_BYTES = 64 * 1_024;

  /** Frames written before other connections of the thread get their turn. */
  public static final int FRAMES_PER_TURN_MAX = 16;

  /** Connections that have not shown a pinned key yet, of all addresses. */
  public static final int UNAUTHENTICATED_MAX = 64;

  /** Connections of one address (of one /64 network for IPv6) that have not shown a pinned key. */
  public static final int UNAUTHENTICATED_PER_ADDRESS_MAX = 8;

  /** Below this a frame is sent as it is. */
  public static final int COMPRESSED_BYTES_MIN = 512;

  public static final int NAME_CHARACTERS_MAX = 255;
  public static final int ADDRESS_CHARACTERS_MAX = 300;
  public static final int TEXT_CHARACTERS_MAX = 1_000;

  /** Questions to arbiters that wait for an answer; as many are decided at once for each peer. */
  static final int FENCES_ASKED_MAX = 16;

  /** Of a question to an arbiter, and of its answer. */
  static final int FENCE_BYTES_MAX = 2_048;

  /** So long after it was seen last it is told that two daemons have one key. */
  static final long TWIN_TOLD_MILLIS = TimeUnit.MINUTES.toMillis(2);

  /** Addresses of this node itself that were dialled for one peer. */
  static final int OWN_ADDRESSES_MAX = 16;

  /** So long such an address is not dialled again: it may move to another machine. */
  static final long OWN_ADDRESS_NANOS = TimeUnit.MINUTES.toNanos(10);

  private SessionLimits() {}
}
