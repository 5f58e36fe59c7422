package dev.replicator.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Executions of all runs, a line each: target, how many, in how many seconds. */
final class FuzzLog {
  private final Path file;

  FuzzLog(Path file) {
    this.file = file;
  }

  void add(String target, long executions, long seconds) throws IOException {
    Files.writeString(
        file,
        target + " " + executions + " " + seconds + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  long total() throws IOException {
    return words().stream().mapToLong(words -> Long.parseLong(words[1])).sum();
  }

  long total(String target) throws IOException {
    return words().stream()
        .filter(words -> words[0].equals(target))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  private List<String[]> words() throws IOException {
    return Files.readAllLines(file).stream().map(line -> line.split(" ")).toList();
  }
}
