package dev.replicator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel and the log of its collector say of a Java process, from outside. */
final class ProcessFigures {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

  private ProcessFigures() {}

  /**
   * Of a heap, in MiB.
   *
   * @param used at most, garbage included
   * @param live at most after a collection; 0 without one
   * @param allocated until the last collection
   */
  record Heap(long used, long live, long allocated) {}

  static long residentPeakKib(long process) throws IOException {
    return status(process, PEAK);
  }

  static long residentKib(long process) throws IOException {
    return status(process, RESIDENT);
  }

  private static long status(long process, Pattern line) throws IOException {
    Matcher found = line.matcher(Files.readString(Path.of("/proc/" + process + "/status")));
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** User and system time of all threads. */
  static Duration cpu(long process) {
    return ProcessHandle.of(process)
        .flatMap(handle -> handle.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** Reads what {@code -Xlog:gc} wrote so far. */
  static Heap heap(Path log) throws IOException {
    long used = 0;
    long live = 0;
    long allocated = 0;
    long after = 0;
    for (String line : lines(log)) {
      Matcher collection = COLLECTION.matcher(line);
      if (collection.find()) {
        long before = Long.parseLong(collection.group(1));
        allocated += Math.max(0, before - after);
        after = Long.parseLong(collection.group(2));
        used = Math.max(used, before);
        live = Math.max(live, after);
      }
    }
    return new Heap(used, live, allocated);
  }

  private static Iterable<String> lines(Path log) throws IOException {
    try {
      return Files.readAllLines(log);
    } catch (NoSuchFileException none) {
      return java.util.List.of();
    }
  }
}
