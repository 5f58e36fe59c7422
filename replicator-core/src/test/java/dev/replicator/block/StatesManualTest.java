package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/BLOCK.md against the states that there are. */
final class StatesManualTest {
  private static final Path MANUAL = Path.of("../docs/BLOCK.md");
  private static final String HEAD = "| state | standing | what to do |";
  private static final long SEED = 6_007;
  private static final int DRAWN = 5_000;

  private static final Row NONE = new Row("", "");

  private record Row(String standing, String remedy) {}

  @Test
  void hasARowForEachStateAndNoOther() throws IOException {
    assertEquals(states(Assessment.class).sorted().toList(), List.copyOf(rows().keySet()));
  }

  @Test
  void saysWhatToDoInEveryStateButTheHealthyOne() throws IOException {
    rows()
        .forEach((state, row) ->
            assertEquals(row.standing().equals("healthy"), row.remedy().isEmpty(), state));
  }

  @Test
  void namesTheStandingThatEachStateHas() throws IOException {
    TreeMap<String, Row> rows = rows();
    SplittableRandom random = new SplittableRandom(SEED);
    TreeSet<String> met = new TreeSet<>();
    for (int i = 0; i < DRAWN; i++) {
      Assessment drawn = Assessor.assess(Configs.lab(), "web1", Sights.any(random));
      // While nothing is mounted, another cluster is put right without anybody.
      if (drawn.equals(new Assessment.ClusterDiffers(differing(drawn), false))) {
        continue;
      }
      met.add(drawn.name());
      String standing = drawn.standing().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      assertEquals(standing, rows.getOrDefault(drawn.name(), NONE).standing(), drawn.name());
    }
    assertFalse(met.isEmpty());
  }

  private static String differing(Assessment drawn) {
    return drawn instanceof Assessment.ClusterDiffers(String difference, boolean _)
        ? difference
        : "";
  }

  private static Stream<String> states(Class<?> kind) {
    return kind.isRecord()
        ? Stream.of(Assessment.name(kind))
        : Stream.of(kind.getPermittedSubclasses()).flatMap(StatesManualTest::states);
  }

  /** By the name of the state; each has one row. */
  private static TreeMap<String, Row> rows() throws IOException {
    TreeMap<String, Row> rows = new TreeMap<>();
    List<String> lines = new ArrayList<>(Files.readAllLines(MANUAL));
    for (String line : lines.subList(lines.indexOf(HEAD) + 2, lines.size())) {
      if (!line.startsWith("|")) {
        return rows;
      }
      String[] cells = line.split("\\|", -1);
      for (String state : cells[1].strip().split(", ")) {
        Row before = rows.put(state, new Row(cells[2].strip(), cells[3].strip()));
        assertEquals(null, before, state + " twice");
      }
    }
    return rows;
  }
}
