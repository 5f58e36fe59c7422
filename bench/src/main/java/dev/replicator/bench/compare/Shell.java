package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the programs of the system do better than a loop here. */
final class Shell {
  private Shell() {}

  /** With all attributes. */
  static void copy(Path from, Path to) throws IOException {
    Child.run(List.of("cp", "-a", "--", from.toString(), to.toString()));
  }

  /**
   * Makes all files an hour old. Some tools do not see a change within the second in which a file
   * was written, and no user changes one so soon.
   */
  static void age(Path tree) throws IOException {
    Child.run(
        List.of(
            "find",
            tree.toString(),
            "-type",
            "f",
            "-exec",
            "touch",
            "-d",
            "1 hour ago",
            "{}",
            "+"));
  }

  static void delete(Path tree) throws IOException {
    Child.run(List.of("rm", "-rf", "--", tree.toString()));
  }

  /** The first line of what {@code words} print; empty when there is no such program. */
  static Optional<String> firstLine(String... words) throws IOException {
    if (!isInstalled(words[0])) {
      return Optional.empty();
    }
    return Child.run(Arrays.asList(words)).lines().findFirst().map(String::strip);
  }

  private static boolean isInstalled(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, program))
        .anyMatch(Files::isExecutable);
  }
}
