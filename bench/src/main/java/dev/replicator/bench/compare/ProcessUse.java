package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What processes took so far.
 *
 * @param processorNanos of all, with what they started and waited for
 * @param residentKibibytes of the largest
 */
record ProcessUse(long processorNanos, long residentKibibytes) {
  /** What the kernel counts processor time in, on every machine that Linux runs on today. */
  private static final long TICK_NANOS = 10_000_000;

  /** In the text after the name of the process, which may hold spaces. */
  private static final int USER_TIME = 11;

  private static final int TIMES = 4;
  private static final Pattern SPACE = Pattern.compile(" ");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  static ProcessUse of(List<Long> processes) throws IOException {
    long ticks = 0;
    long resident = 0;
    for (long process : processes) {
      try {
        ticks += ticks(Files.readString(Path.of("/proc/" + process + "/stat")));
        resident =
            Math.max(resident, resident(Files.readString(Path.of("/proc/" + process + "/status"))));
      } catch (NoSuchFileException ended) {
        // It takes nothing any more.
      }
    }
    return new ProcessUse(ticks * TICK_NANOS, resident);
  }

  /** User and system time, its own and that of the children it waited for. */
  static long ticks(String stat) {
    return SPACE
        .splitAsStream(stat.substring(stat.lastIndexOf(')') + 2))
        .skip(USER_TIME)
        .limit(TIMES)
        .mapToLong(Long::parseLong)
        .sum();
  }

  static long resident(String status) {
    Matcher found = RESIDENT.matcher(status);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}
