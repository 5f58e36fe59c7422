package dev.replicator.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeGeneratorTest {
  private static final TreeProfile SMALL = TreeProfile.named("demo").shrunk(50);

  @TempDir Path home;

  @Test
  void givesTheSameTreeForTheSameSeed() throws IOException {
    TreeGenerator.Written first = write("first", 7);
    TreeGenerator.Written second = write("second", 7);

    assertEquals(first, second);
    setTimes();
    assertEquals(List.of(), Trees.differences(home.resolve("first"), home.resolve("second")));
  }

  @Test
  void givesAnotherTreeForAnotherSeed() throws IOException {
    write("first", 7);
    write("second", 8);

    setTimes();
    assertFalse(Trees.differences(home.resolve("first"), home.resolve("second")).isEmpty());
  }

  @Test
  void looksLikeASite() throws IOException {
    TreeGenerator.Written written = write("site", 1);

    assertTrue(written.files() > 200, written::toString);
    assertTrue(Files.isRegularFile(home.resolve("site/plugins/plugin-0/plugin-0.php")));
    try (Stream<Path> months = Files.list(home.resolve("site/uploads/2026"))) {
      assertTrue(months.count() > 1);
    }
  }

  @Test
  void refusesADirectoryThatIsNotEmpty() throws IOException {
    Files.writeString(home.resolve("present"), "");

    assertThrows(BenchException.class, () -> new TreeGenerator(SMALL, 1).writeInto(home));
  }

  private TreeGenerator.Written write(String name, long seed) throws IOException {
    return new TreeGenerator(SMALL, seed).writeInto(home.resolve(name));
  }

  private void setTimes() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, FileTime.fromMillis(0));
      }
    }
  }
}
