package dev.replicator.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final Trees.Promise NAMES_AND_CONTENTS =
      new Trees.Promise(false, false, Trees.Times.NOT_KEPT);

  @TempDir Path home;

  @BeforeEach
  void writeTwoEqualTrees() throws IOException {
    for (Path tree : List.of(left(), right())) {
      Files.createDirectories(tree.resolve("uploads"));
      Files.writeString(tree.resolve("uploads/photo.jpg"), "pixels");
      Files.createSymbolicLink(tree.resolve("link"), Path.of("uploads"));
      setTime(tree, TIME);
    }
  }

  @Test
  void findsNothingInEqualTrees() throws IOException {
    assertEquals(List.of(), Trees.differences(left(), right()));
  }

  @Test
  void findsContentOfTheSameLengthAndTime() throws IOException {
    Files.writeString(right().resolve("uploads/photo.jpg"), "PIXELS");
    setTime(right(), TIME);

    assertFinds("content differs: uploads/photo.jpg", NAMES_AND_CONTENTS);
  }

  @Test
  void findsWhatIsMissingOnEitherSide() throws IOException {
    Files.createDirectory(left().resolve("only-left"));
    Files.createDirectory(right().resolve("only-right"));

    assertFinds("missing in " + right() + ": only-left", NAMES_AND_CONTENTS);
    assertFinds("missing in " + left() + ": only-right", NAMES_AND_CONTENTS);
  }

  @Test
  void findsAnotherTarget() throws IOException {
    Files.delete(right().resolve("link"));
    Files.createSymbolicLink(right().resolve("link"), Path.of("elsewhere"));

    assertFinds("differs: link: link to uploads, link to elsewhere", NAMES_AND_CONTENTS);
  }

  @Test
  void findsAnotherModeWhereModesAreKept() throws IOException {
    Files.setPosixFilePermissions(
        right().resolve("uploads/photo.jpg"), PosixFilePermissions.fromString("rwx------"));

    assertEquals(1, differences(new Trees.Promise(true, true, Trees.Times.NANOSECONDS)).size());
    assertEquals(0, differences(new Trees.Promise(false, true, Trees.Times.NANOSECONDS)).size());
  }

  @Test
  void comparesTimesAsExactlyAsTheyAreKept() throws IOException {
    setTime(right(), TIME.plusNanos(1_000));

    assertEquals(1, differences(new Trees.Promise(true, true, Trees.Times.NANOSECONDS)).size());
    assertEquals(0, differences(new Trees.Promise(true, true, Trees.Times.SECONDS)).size());

    setTime(right(), TIME.plusSeconds(1));

    assertEquals(1, differences(new Trees.Promise(true, true, Trees.Times.SECONDS)).size());
    assertEquals(0, differences(new Trees.Promise(true, true, Trees.Times.NOT_KEPT)).size());
  }

  private List<String> differences(Trees.Promise promise) throws IOException {
    return Trees.differences(left(), right(), promise);
  }

  private void assertFinds(String finding, Trees.Promise promise) throws IOException {
    List<String> found = differences(promise);
    assertTrue(found.contains(finding), found::toString);
  }

  private static void setTime(Path tree, Instant time) throws IOException {
    Files.setLastModifiedTime(tree.resolve("uploads/photo.jpg"), FileTime.from(time));
  }

  private Path left() {
    return home.resolve("left");
  }

  private Path right() {
    return home.resolve("right");
  }
}
