package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine that figures come from. */
record Environment(
    String system,
    String fileSystem,
    int processors,
    long memoryMebibytes,
    String java,
    String loadBefore) {
  static Environment of(Path home) throws IOException {
    return new Environment(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Files.getFileStore(home).type(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        Runtime.version().toString(),
        load());
  }

  private static long memory() throws IOException {
    String first = Files.readAllLines(Path.of("/proc/meminfo")).getFirst();
    return Long.parseLong(first.replaceAll("\\D", "")) / 1_024;
  }

  /** How many processes wanted a processor in the last minute: others make figures worse. */
  static String load() throws IOException {
    String averages = Files.readString(Path.of("/proc/loadavg"));
    return averages.substring(0, averages.indexOf(' '));
  }

  String text() {
    return "%s, %d processors, %,d MiB, %s, Java %s, load before %s"
        .formatted(system, processors, memoryMebibytes, fileSystem, java, loadBefore);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("system", system);
    map.put("fileSystem", fileSystem);
    map.put("processors", processors);
    map.put("memoryMebibytes", memoryMebibytes);
    map.put("java", java);
    map.put("loadBefore", loadBefore);
    return map;
  }
}
