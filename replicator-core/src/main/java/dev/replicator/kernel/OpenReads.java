package dev.replicator.kernel;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/*
 * A write gives a file its time when it begins, and some go on for long: those into a mapping. Who
 * reads within one cannot tell by the stamp, later, that there was more to come. His close has the
 * file read again, as long as the daemon that read it is there. So the checkpoint stays before such
 * a write, for whoever starts next; and who never closes has his file read again once what he had
 * begun by then is over.
 */

/** Files that were read while somebody may have been within a write. */
final class OpenReads {
  /** Those beyond hold the checkpoint while others do, and are read again at their close alone. */
  static final int READS_MAX = 1_024;

  private final Map<RelativePath, Read> reads = new LinkedHashMap<>();
  private OptionalLong beyondSinceMillis = OptionalLong.empty();

  /** When the write began, and, by the steady clock, when the file is read again. */
  private record Read(long sinceMillis, long againMillis) {}

  void add(RelativePath path, long sinceMillis, long nowMillis) {
    if (reads.size() < READS_MAX) {
      reads.put(path, new Read(sinceMillis, nowMillis + Limits.WRITE_MILLIS_MAX));
    } else {
      beyondSinceMillis =
          OptionalLong.of(Math.min(sinceMillis, beyondSinceMillis.orElse(sinceMillis)));
    }
  }

  /** Somebody looks at {@code path} again. */
  void remove(RelativePath path) {
    if (!reads.isEmpty() && reads.remove(path) != null && reads.isEmpty()) {
      beyondSinceMillis = OptionalLong.empty();
    }
  }

  /** Those that are to be read again by now. */
  List<RelativePath> due(long nowMillis) {
    return reads.entrySet().stream()
        .filter(read -> read.getValue().againMillis() <= nowMillis)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** When the first of these writes began; the end of time where there is none. */
  long sinceMillis() {
    return reads.values().stream()
        .mapToLong(Read::sinceMillis)
        .reduce(beyondSinceMillis.orElse(Long.MAX_VALUE), Math::min);
  }

  long wakeAtMillis() {
    return reads.values().stream().mapToLong(Read::againMillis).min().orElse(Long.MAX_VALUE);
  }
}
