package dev.replicator.runtime;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Directories that arrive whole, on real trees with a real watcher. */
final class GroupsOnDiskTest extends TwoEngines {
  private static final int FILES = 120;

  private Path unpacked(String name) throws IOException {
    Path place = directory.resolve(name);
    for (int i = 0; i < FILES; i++) {
      Path file = place.resolve("d" + i % 5).resolve("f" + i);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name + " " + i);
    }
    return place;
  }

  private static long files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private List<Path> staged(String node) throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("state-" + node).resolve("staging"))) {
      return all.skip(1).toList();
    }
  }

  @Test
  void showsADirectoryThatWasMovedInAtOnce() throws Exception {
    Files.move(unpacked("x"), file("there", "x"), ATOMIC_MOVE);

    await(() -> Files.exists(file("here", "x")));

    assertEquals(FILES, files(file("here", "x")));
    settle();
    assertEquals(List.of(), staged("here"));
    assertEquals("x 7", read("here", "x/d2/f7"));
  }

  @Test
  void takesAWriteOfTheFirstMomentForOneOfAUser() throws Exception {
    Files.move(unpacked("x"), file("there", "x"), ATOMIC_MOVE);
    await(() -> Files.exists(file("here", "x")));
    write("here", "x/d2/f7", "by a user of this node");

    settle();

    await(() -> read("there", "x/d2/f7").equals("by a user of this node"));
    assertEquals("by a user of this node", read("here", "x/d2/f7"));
  }

  @Test
  void putsEachPathByItselfWhereTheNameIsTaken() throws Exception {
    mesh.disconnect(here, there);
    Files.createDirectories(file("here", "x"));
    write("here", "x/mine", "of this node");
    Files.move(unpacked("x"), file("there", "x"), ATOMIC_MOVE);
    mesh.connect(here, there);

    await(() -> files(file("here", "x")) == FILES + 1 && files(file("there", "x")) == FILES + 1);

    settle();
    assertEquals(List.of(), staged("here"));
  }
}
