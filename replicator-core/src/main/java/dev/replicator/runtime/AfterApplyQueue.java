package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Of which paths a command is still to be told, and when: once nothing more came for a moment, but
 * a stream of changes does not put it off for ever. What failed waits, longer each time.
 * Nanoseconds are those of a monotonic clock.
 */
final class AfterApplyQueue {
  static final int NAMES_MAX = 10_000;

  /** A path may have 64 KiB. */
  static final long NAMES_BYTES_MAX = 1_024 * 1_024;

  static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
  static final long AGAIN_NANOS_MIN = TimeUnit.SECONDS.toNanos(5);
  static final long AGAIN_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

  private Set<RelativePath> names = new LinkedHashSet<>();
  private long bytes;
  private boolean unnamed;
  private long firstNanos;
  private long lastNanos;
  private boolean failed;
  private long failedNanos;
  private long againNanos;

  /**
   * What one run of the command is about.
   *
   * @param names of what changed; none where there are too many, or nobody knows: then all may have
   */
  record Batch(List<RelativePath> names) {
    boolean isUnnamed() {
      return names.isEmpty();
    }
  }

  boolean isEmpty() {
    return names.isEmpty() && !unnamed;
  }

  boolean hasFailed() {
    return failed;
  }

  void add(RelativePath path, long nowNanos) {
    begin(nowNanos);
    lastNanos = nowNanos;
    keep(path);
  }

  /** Something changed, and nobody knows what. */
  void addUnnamed(long nowNanos) {
    begin(nowNanos);
    lastNanos = nowNanos;
    forgetNames();
  }

  private void begin(long nowNanos) {
    if (isEmpty()) {
      firstNanos = nowNanos;
    }
  }

  private void keep(RelativePath path) {
    if (!unnamed) {
      bytes += names.add(path) ? path.length() : 0;
      if (names.size() > NAMES_MAX || bytes > NAMES_BYTES_MAX) {
        forgetNames();
      }
    }
  }

  private void forgetNames() {
    unnamed = true;
    bytes = 0;
    names = new LinkedHashSet<>();
  }

  /** Empty while there is nothing to run for. */
  OptionalLong waitNanos(long nowNanos) {
    if (isEmpty()) {
      return OptionalLong.empty();
    }
    long quiet = QUIET_NANOS - (nowNanos - lastNanos);
    long longest = WAIT_NANOS_MAX - (nowNanos - firstNanos);
    long due = Math.min(quiet, longest);
    if (failed) {
      due = Math.max(due, againNanos - (nowNanos - failedNanos));
    }
    return OptionalLong.of(Math.max(0, due));
  }

  Batch take() {
    Batch batch = new Batch(List.copyOf(names));
    names = new LinkedHashSet<>();
    bytes = 0;
    unnamed = false;
    return batch;
  }

  void succeeded() {
    failed = false;
    againNanos = 0;
  }

  /** The command is to be told of {@code batch} once more, together with what came since. */
  void failed(Batch batch, long nowNanos) {
    if (batch.isUnnamed()) {
      forgetNames();
    } else {
      batch.names().forEach(this::keep);
    }
    failed = true;
    failedNanos = nowNanos;
    againNanos = Math.clamp(2 * againNanos, AGAIN_NANOS_MIN, AGAIN_NANOS_MAX);
  }

  /** How long what failed waits now. */
  long againNanos() {
    return againNanos;
  }
}
