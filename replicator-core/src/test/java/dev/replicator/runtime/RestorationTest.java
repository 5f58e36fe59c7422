package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A directory that somebody deleted there comes back from what was kept here. */
final class RestorationTest extends TwoEngines {
  private static final RelativePath DIRECTORY = RelativePath.of("dir");
  private static final int FILES = 300;
  private static final int LIMIT = 1_000;

  private final SetClock clock = new SetClock();

  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.clock(clock);
  }

  private void fill(int files) throws Exception {
    for (int number = 0; number < files; number++) {
      Path file = file("there", "dir/" + number % 7 + "/deep/" + number);
      Files.createDirectories(file.getParent());
      // Some are empty, and some have the content of others.
      Files.writeString(file, "x".repeat(number % 50));
    }
    settle();
    assertEquals(content("there"), content("here"));
  }

  private void delete(String name) throws Exception {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(file("there", name))) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
    settle();
    assertFalse(Files.exists(file("here", name)));
  }

  /** Of all that is in a tree but the engine's own. */
  private TreeMap<String, String> content(String node) throws IOException {
    TreeMap<String, String> content = new TreeMap<>();
    Path root = file(node, "");
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.toList()) {
        String name = root.relativize(path).toString();
        if (!name.startsWith(".replicator")) {
          String time = Files.isDirectory(path) ? "" : Files.getLastModifiedTime(path).toString();
          content.put(name, time + (time.isEmpty() ? "" : Files.readString(path)));
        }
      }
    }
    return content;
  }

  private RestoreReport restore(long sinceMillis, boolean dryRun) throws Exception {
    RestoreReport report =
        engine()
            .restoreDeleted(new RestoreReport.Order(DIRECTORY, sinceMillis, dryRun), progress -> {})
            .get();
    settle();
    return report;
  }

  private static void assertCounts(
      RestoreReport report, long restored, long back, long occupied, long failed) {
    assertEquals(
        List.of(restored, back, occupied, failed),
        List.of(report.restored(), report.back(), report.occupied(), report.failed()),
        report::toString);
  }

  private List<String> deleted(long sinceMillis) throws Exception {
    return engine().deleted(DIRECTORY, sinceMillis, LIMIT).get().files().stream()
        .map(file -> file.path().toString())
        .toList();
  }

  @Test
  void aWholeTreeComesBackOnBothNodes() throws Exception {
    fill(FILES);
    TreeMap<String, String> before = content("there");
    Files.writeString(file("there", "dir-beside"), "beside");
    settle();
    delete("dir-beside");
    delete("dir");

    DeletedReport listed = engine().deleted(DIRECTORY, 0, LIMIT).get();
    assertEquals(FILES, listed.files().size());
    assertTrue(listed.complete());
    assertTrue(listed.files().stream().allMatch(it -> it.availableHere() && it.last()));
    DeletedReport cut = engine().deleted(DIRECTORY, 0, 7).get();
    assertEquals(listed.files().subList(0, 7), cut.files());
    assertFalse(cut.complete());

    assertCounts(restore(0, true), FILES, 0, 0, 0);
    assertEquals(FILES, deleted(0).size());
    RestoreReport report = restore(0, false);
    assertCounts(report, FILES, 0, 0, 0);
    assertEquals(listed.files().stream().mapToLong(DeletedFile::bytes).sum(), report.bytes());
    assertEquals(before, content("here"));
    assertEquals(before, content("there"));

    assertEquals(List.of(), deleted(0));
    assertCounts(restore(0, false), 0, FILES, 0, 0);
  }

  @Test
  void whatSomebodyPutInItsPlaceSinceStays() throws Exception {
    fill(3);
    delete("dir");
    Files.createDirectories(file("there", "dir/0/deep"));
    write("there", "dir/0/deep/0", "another");
    write("there", "dir/1", "a file in the way");
    settle();

    RestoreReport report = restore(0, false);
    assertCounts(report, 1, 0, 1, 1);
    assertEquals(
        List.of(
            new RestoreReport.Left(
                RelativePath.of("dir/0/deep/0"), "something else is there now: it stays"),
            new RestoreReport.Left(
                RelativePath.of("dir/1/deep/1"),
                "dir/1 is no directory now; move that away first")),
        report.left());
    assertEquals("another", read("here", "dir/0/deep/0"));
    assertEquals("a file in the way", read("here", "dir/1"));
    assertEquals("xx", read("there", "dir/2/deep/2"));
    assertEquals(content("there"), content("here"));
  }

  @Test
  void onlyWhatWasDeletedSinceThenComesBack() throws Exception {
    fill(4);
    delete("dir/1");
    clock.pass(3_600_000);
    long since = clock.wallMillis();
    delete("dir/2");

    assertEquals(List.of("dir/1/deep/1", "dir/2/deep/2"), deleted(0));
    assertEquals(List.of("dir/2/deep/2"), deleted(since));
    assertCounts(restore(since, false), 1, 0, 0, 0);
    assertEquals("xx", read("there", "dir/2/deep/2"));
    assertFalse(Files.exists(file("there", "dir/1")));
  }

  /** It was gone before this node could keep it: the version before is not what was deleted. */
  @Test
  void ofWhatWasDeletedHereAnEarlierVersionIsListedAndNotRestored() throws Exception {
    Files.createDirectories(file("here", "dir"));
    write("here", "dir/a", "first");
    settle();
    write("there", "dir/a", "second");
    settle();
    Files.delete(file("here", "dir/a"));
    settle();

    DeletedFile listed = engine().deleted(DIRECTORY, 0, LIMIT).get().files().getFirst();
    assertEquals("first".getBytes(StandardCharsets.UTF_8).length, listed.bytes());
    assertFalse(listed.last());
    assertCounts(restore(0, false), 0, 0, 0, 1);
    assertFalse(Files.exists(file("here", "dir/a")));
  }

  /** Its deletion is forgotten once all know it, and what it was with that. */
  @Test
  void aDirectoryOfWhichNobodyRemembersTheModeComesBackWithTheDefault() throws Exception {
    fill(1);
    Path directory = file("there", "dir/0");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    settle();
    delete("dir");
    await(() -> forgets(RelativePath.of("dir/0")));
    assertCounts(restore(0, false), 1, 0, 0, 0);
    for (String node : List.of("here", "there")) {
      assertEquals(
          "rwxr-xr-x",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(file(node, "dir/0"))));
    }
  }

  private boolean forgets(RelativePath path) throws Exception {
    for (FileEngine engine : engines) {
      if (engine.explain(path).get().record().isPresent()) {
        return false;
      }
    }
    return true;
  }
}
