package dev.replicator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each planted fault of {@code tools/plants}, which takes hours for all of them, still applies to
 * the sources and names a test that there is: a fault that cannot be planted any more shows
 * nothing.
 */
class PlantsTest {
  private static final Path TOP = top();
  private static final Path PLANTS = TOP.resolve("replicator-core/src/test/plants");

  private static final String OLD_FILE = "--- a/";
  private static final String HUNK = "@@ ";
  private static final String TEST = "test: ";

  @Test
  void everyPlantStillAppliesToTheSources() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Path plant : plants()) {
      String name = plant.getFileName().toString();
      for (String finding : findings(Files.readAllLines(plant), PlantsTest::source)) {
        findings.add(name + ": " + finding);
      }
    }
    assertEquals(List.of(), findings);
  }

  @Test
  void everyPlantNamesATestThatThereIs() throws IOException {
    List<String> sources;
    try (Stream<Path> all = Files.walk(TOP.resolve("replicator-core/src/test/java"))) {
      sources = all.map(file -> file.getFileName().toString()).toList();
    }
    for (Path plant : plants()) {
      List<String> tests =
          Files.readAllLines(plant).stream()
              .filter(line -> line.startsWith(TEST))
              .map(line -> line.substring(TEST.length()))
              .toList();
      assertEquals(1, tests.size(), plant::toString);
      for (String test : tests.getFirst().split(",", -1)) {
        // Behind # stands one method of it.
        String type = test.replaceFirst("#.*", "");
        assertTrue(sources.contains(type + ".java"), () -> plant + " names " + test);
      }
    }
  }

  @Test
  void findsAPlantWhoseLinesHaveChanged() {
    List<String> patch =
        List.of("test: X", "", "--- a/A", "+++ b/A", "@@ -1,3 +1,3 @@", " a", "-b", "+x", " c");

    assertEquals(List.of(), findings(patch, file -> "a\nb\nc\n"));
    assertEquals(List.of(), findings(patch, file -> "new\na\nb\nc\n"));
    assertEquals(List.of("A lacks what line 5 asks for"), findings(patch, file -> "a\nx\nc\n"));
    assertEquals(List.of("A lacks what line 5 asks for"), findings(patch, file -> ""));
  }

  @Test
  void findsAPlantWhoseLinesStandInAnotherOrder() {
    List<String> patch =
        List.of("--- a/A", "+++ b/A", "@@ -1 +1 @@", "-a", "+x", "@@ -9 +9 @@", "-b", "+x");

    assertEquals(List.of(), findings(patch, file -> "a\n\n\nb\n"));
    assertEquals(List.of("A lacks what line 6 asks for"), findings(patch, file -> "b\na\n"));
  }

  @Test
  void findsAPlantThatAsksForNothing() {
    assertEquals(List.of("changes nothing"), findings(List.of("test: X"), file -> "a\n"));
  }

  private static List<Path> plants() throws IOException {
    try (Stream<Path> all = Files.list(PLANTS)) {
      List<Path> plants = all.filter(it -> it.toString().endsWith(".patch")).sorted().toList();
      assertTrue(plants.size() > 1, () -> "no plants in " + PLANTS);
      return plants;
    }
  }

  private static String source(String file) {
    try {
      Path source = TOP.resolve(file);
      return Files.exists(source) ? Files.readString(source) : "";
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  /** What keeps {@code patch} from being applied. Lines may stand elsewhere than it says. */
  private static List<String> findings(List<String> patch, UnaryOperator<String> sources) {
    List<String> findings = new ArrayList<>();
    List<String> source = List.of();
    String file = "";
    boolean changes = false;
    for (int number = 0; number < patch.size(); number++) {
      String line = patch.get(number);
      if (line.startsWith(OLD_FILE)) {
        file = line.substring(OLD_FILE.length());
        source = sources.apply(file).lines().toList();
      } else if (line.startsWith(HUNK)) {
        changes = true;
        List<String> asked = asked(patch.subList(number + 1, patch.size()));
        int at = Collections.indexOfSubList(source, asked);
        if (at < 0 || asked.isEmpty()) {
          findings.add(file + " lacks what line " + (number + 1) + " asks for");
        } else {
          source = source.subList(at + asked.size(), source.size());
        }
      }
    }
    return changes ? findings : List.of("changes nothing");
  }

  /** The lines of a hunk that have to be there. */
  private static List<String> asked(List<String> rest) {
    List<String> asked = new ArrayList<>();
    for (String line : rest) {
      if (line.startsWith(HUNK) || line.startsWith(OLD_FILE)) {
        return asked;
      }
      if (line.isEmpty() || line.startsWith(" ") || line.startsWith("-")) {
        asked.add(line.isEmpty() ? "" : line.substring(1));
      }
    }
    return asked;
  }

  private static Path top() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("replicator-core")) ? here : here.resolve("..").normalize();
  }
}
