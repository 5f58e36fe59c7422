package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/*
 * Who closes his file is told by his close, and is none of our business before: half an image is
 * of no use to anybody. A log is never closed. So what is being written is looked at once its
 * writer paused for a while, and when he never pauses after a while of it all the same. What was
 * looked at rests, the longer the more often it was, and the longer the larger it is: a peer
 * writes all of it anew, and keeps what it had.
 */

/** Files that are written to and not closed, and when each is looked at. On the root's thread. */
final class UnclosedFiles {
  /** Who never pauses is looked at after so many times the pause that is waited for. */
  static final int PAUSES_MAX = 15;

  /**
   * What looking at one file may cost in a second, on average, of reading here and writing there.
   */
  static final long BYTES_A_SECOND = 256 * 1024;

  /** The comparison of the whole tree comes by as often. */
  static final long REST_MILLIS_MAX = 3_600_000;

  /** Of more at once nothing is known until they are closed, or the whole tree is compared. */
  static final int FILES_MAX = 4_096;

  private final long pauseMillis;
  private final Map<RelativePath, Unclosed> files = new LinkedHashMap<>();
  private long wakeAtMillis = Long.MAX_VALUE;

  /** One that was written to. */
  private static final class Unclosed {
    /** Whether it was written to since it was looked at. */
    boolean written;

    long firstMillis;
    long dueMillis;
    long lookedMillis;
    long restMillis;
  }

  UnclosedFiles(Duration pause) {
    this.pauseMillis = pause.toMillis();
  }

  /** Somebody wrote to it since this was called last, and has it open. */
  void written(RelativePath path, long nowMillis) {
    if (!files.containsKey(path) && files.size() >= FILES_MAX) {
      files.values().removeIf(file -> !file.written);
      if (files.size() >= FILES_MAX) {
        return;
      }
    }
    Unclosed file = files.computeIfAbsent(path, unknown -> new Unclosed());
    if (!file.written) {
      file.written = true;
      file.firstMillis = nowMillis;
    }
    long latest = file.firstMillis + PAUSES_MAX * pauseMillis;
    long rested = file.lookedMillis + file.restMillis;
    file.dueMillis = Math.max(Math.min(nowMillis + pauseMillis, latest), rested);
    wakeAtMillis = Math.min(wakeAtMillis, file.dueMillis);
  }

  /** It is looked at for another reason, such as its close. */
  void told(RelativePath path) {
    files.remove(path);
  }

  /** A look of it read so many bytes. */
  void read(RelativePath path, long bytes) {
    Unclosed file = files.get(path);
    if (file != null) {
      long rest = Math.min(bytes / BYTES_A_SECOND * 1_000, REST_MILLIS_MAX);
      file.restMillis = Math.max(file.restMillis, rest);
    }
  }

  /** Those whose time has come. */
  List<RelativePath> due(long nowMillis) {
    if (nowMillis < wakeAtMillis) {
      return List.of();
    }
    List<RelativePath> due = new ArrayList<>();
    wakeAtMillis = Long.MAX_VALUE;
    files.forEach((path, file) -> {
      if (file.written && file.dueMillis <= nowMillis) {
        due.add(path);
        looked(file, nowMillis);
      } else if (file.written) {
        wakeAtMillis = Math.min(wakeAtMillis, file.dueMillis);
      }
    });
    return due;
  }

  private void looked(Unclosed file, long nowMillis) {
    boolean often = file.restMillis > 0 && nowMillis - file.lookedMillis <= 2 * file.restMillis;
    file.restMillis = often ? Math.min(2 * file.restMillis, PAUSES_MAX * pauseMillis) : pauseMillis;
    file.lookedMillis = nowMillis;
    file.written = false;
  }

  long wakeAtMillis() {
    return wakeAtMillis;
  }
}
