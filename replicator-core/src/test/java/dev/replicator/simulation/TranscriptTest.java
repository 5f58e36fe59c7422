package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each transcript of the test resources: what it says happened must happen, line for line.
 * {@code -Dgolden.write=true} writes that part anew, to be reviewed as prose.
 */
class TranscriptTest {
  private static final Path TRANSCRIPTS =
      Path.of("src/test/resources/dev/replicator/simulation/transcripts");
  private static final String SEPARATOR = "---- what happens";
  private static final int SCENARIOS = 18;

  static List<String> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transcripts")
  void happensAsItIsWritten(String name) throws IOException {
    Path file = TRANSCRIPTS.resolve(name);
    List<String> head = head(Files.readAllLines(file));
    List<String> commands =
        head.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();

    List<String> happened = Story.of(commands);

    if (Boolean.getBoolean("golden.write")) {
      Files.write(
          file,
          Stream.of(head, List.of("", SEPARATOR, ""), happened).flatMap(List::stream).toList());
    }
    List<String> written = Files.readAllLines(file);
    List<String> expected =
        written.stream().skip(head.size()).filter(line -> !line.isBlank()).skip(1).toList();
    List<String> differences = differences(expected, happened);
    if (!differences.isEmpty()) {
      fail(name + " happened otherwise (- as written, + now):\n" + String.join("\n", differences));
    }
  }

  /** What stands above the separator, without blank lines at its end. */
  private static List<String> head(List<String> lines) {
    int end = lines.contains(SEPARATOR) ? lines.indexOf(SEPARATOR) : lines.size();
    while (end > 0 && lines.get(end - 1).isBlank()) {
      end--;
    }
    return lines.subList(0, end);
  }

  @Test
  void thereIsOneOfEveryScenario() throws IOException {
    List<String> names = transcripts();
    IntStream.rangeClosed(1, SCENARIOS)
        .mapToObj("S%02d-"::formatted)
        .forEach(
            start -> assertTrue(names.stream().anyMatch(name -> name.startsWith(start)), start));
  }

  @Test
  void showsALineThatIsMissingAndOneThatIsNew() {
    assertEquals(
        List.of("  a", "- b", "  c", "+ d"),
        differences(List.of("a", "b", "c"), List.of("a", "c", "d")));
    assertEquals(List.of(), differences(List.of("a"), List.of("a")));
  }

  /** All lines of both, and which of them only one has; nothing when they are equal. */
  private static List<String> differences(List<String> expected, List<String> happened) {
    if (expected.equals(happened)) {
      return List.of();
    }
    int[][] common = new int[expected.size() + 1][happened.size() + 1];
    for (int e = expected.size() - 1; e >= 0; e--) {
      for (int h = happened.size() - 1; h >= 0; h--) {
        common[e][h] =
            expected.get(e).equals(happened.get(h))
                ? common[e + 1][h + 1] + 1
                : Math.max(common[e + 1][h], common[e][h + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    int e = 0;
    int h = 0;
    while (e < expected.size() || h < happened.size()) {
      boolean both = e < expected.size() && h < happened.size();
      if (both && expected.get(e).equals(happened.get(h))) {
        lines.add("  " + expected.get(e));
        e++;
        h++;
      } else if (h == happened.size() || (both && common[e + 1][h] >= common[e][h + 1])) {
        lines.add("- " + expected.get(e));
        e++;
      } else {
        lines.add("+ " + happened.get(h));
        h++;
      }
    }
    return lines;
  }
}
