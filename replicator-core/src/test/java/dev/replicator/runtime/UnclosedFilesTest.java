package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.RelativePath;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnclosedFilesTest {
  private static final RelativePath LOG = RelativePath.of("log");
  private static final long MIB = 1024 * 1024;

  private final UnclosedFiles files = new UnclosedFiles(Duration.ofSeconds(2));

  /** Writes once a second from then on until it is looked at: when that is. */
  private long looked(RelativePath path, long fromMillis) {
    for (long now = fromMillis; ; now += 1_000) {
      files.written(path, now);
      if (!files.due(now).isEmpty()) {
        return now;
      }
    }
  }

  @Test
  void looksOnceTheWriterPaused() {
    files.written(LOG, 10_000);
    assertEquals(12_000, files.wakeAtMillis());
    files.written(LOG, 11_000);

    assertEquals(List.of(), files.due(12_000));
    assertEquals(13_000, files.wakeAtMillis());
    assertEquals(List.of(LOG), files.due(13_000));
    assertEquals(List.of(), files.due(1_000_000));
    assertEquals(Long.MAX_VALUE, files.wakeAtMillis());
  }

  @Test
  void looksAtLastThoughTheWriterNeverPauses() {
    assertEquals(40_000, looked(LOG, 10_000));
    assertEquals(71_000, looked(LOG, 41_000));
  }

  @Test
  void doesNotLookForAWriterWhoClosed() {
    files.written(LOG, 10_000);
    files.told(LOG);

    assertEquals(List.of(), files.due(1_000_000));
  }

  @Test
  void looksTheMoreRarelyTheMoreOftenItDid() {
    long now = 10_000;
    long[] waited = new long[8];
    for (int time = 0; time < waited.length; time++) {
      files.written(LOG, now);
      long due = files.wakeAtMillis();
      assertEquals(List.of(LOG), files.due(due));
      waited[time] = due - now;
      now = due;
    }

    assertEquals(
        List.of(2_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L),
        java.util.Arrays.stream(waited).boxed().toList());
    files.written(LOG, now + 200_000);
    assertEquals(List.of(LOG), files.due(now + 202_000));
    files.written(LOG, now + 202_000);
    assertEquals(now + 204_000, files.wakeAtMillis());
  }

  @Test
  void letsALargeFileRestLonger() {
    files.written(LOG, 0);
    assertEquals(List.of(LOG), files.due(2_000));
    files.read(LOG, 100 * MIB);
    files.written(LOG, 3_000);
    assertEquals(402_000, files.wakeAtMillis());
    assertEquals(List.of(LOG), files.due(402_000));
    files.read(LOG, 1024 * 1024 * MIB);
    files.written(LOG, 402_000);
    assertEquals(402_000 + UnclosedFiles.REST_MILLIS_MAX, files.wakeAtMillis());
  }

  @Test
  void knowsNoMoreThanItsLimit() {
    for (int file = 0; file < UnclosedFiles.FILES_MAX + 10; file++) {
      files.written(RelativePath.of("f" + file), 0);
    }
    assertEquals(UnclosedFiles.FILES_MAX, files.due(2_000).size());

    files.written(LOG, 3_000);
    assertEquals(List.of(LOG), files.due(5_000));
  }
}
