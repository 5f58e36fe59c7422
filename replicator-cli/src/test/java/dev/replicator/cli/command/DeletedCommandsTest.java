package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DeletedJson;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.RelativePath;
import dev.replicator.runtime.DeletedFile;
import dev.replicator.runtime.DeletedReport;
import dev.replicator.runtime.RestoreReport;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code history --deleted} and {@code restore --deleted} print, and their exit codes. */
final class DeletedCommandsTest extends CommandScenario {
  private static final Instant NOW = Instant.parse("2025-11-30T22:00:00Z");

  private static DeletedFile gone(String path, boolean here, boolean last) {
    return new DeletedFile(
        RelativePath.of(path), NOW.toEpochMilli(), FakeRoot.dot(7), 2_048, here, last);
  }

  private static RestoreReport.Left left(String path, String why) {
    return new RestoreReport.Left(RelativePath.of(path), why);
  }

  @Test
  void listsWhatIsGoneAndHowToHaveItBack() throws Failure {
    try (Daemon _ = daemon()) {
      FakeRoot root = roots.root("site");
      root.deleted =
          new DeletedReport(
              List.of(gone("d/a", true, true), gone("d/b", false, true), gone("d/c", true, false)),
              true);
      List<String> lines = printed("history", "--deleted", "site:d").lines().toList();
      String version = FakeRoot.dot(7).toString();
      assertEquals(
          List.of(
              "2025-11-30T22:00:00Z " + version + " 2.0 KiB yes d/a",
              "2025-11-30T22:00:00Z " + version + " 2.0 KiB no d/b",
              "not known " + version + " 2.0 KiB an earlier one d/c"),
          lines.subList(1, 4).stream().map(line -> line.replaceAll(" +", " ")).toList());
      assertTrue(lines.get(4).contains("`replicator restore --deleted site:d --config "));
      assertTrue(root.asked.contains("deleted d " + Long.MIN_VALUE));
    }
  }

  @Test
  void saysWhenThereIsMore() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").deleted = new DeletedReport(List.of(gone("d/a", true, true)), false);
      String out = printed("history", "--deleted", "site:");
      assertTrue(out.contains("and more: these are the first 1 by path"), out);
      DeletedJson json =
          ControlJson.read(DeletedJson.class, printed("history", "--deleted", "site:", "--json"));
      assertFalse(json.complete());
      assertEquals("d/a", json.files().getFirst().path());
    }
  }

  @Test
  void whereNothingIsGoneItSaysWhoKeepsWhatWasDeletedHere() throws Failure {
    try (Daemon _ = daemon()) {
      String out = printed("history", "--deleted", "site:d");
      assertTrue(out.contains("is kept by its peers: ask there"), out);
    }
  }

  @Test
  void restoringAllEndsWithZero() throws Failure {
    try (Daemon _ = daemon()) {
      FakeRoot root = roots.root("site");
      root.restored = new RestoreReport(true, 2, 4_096, 1, 0, 0, List.of());
      String out = printed("restore", "--deleted", "site:d");
      assertTrue(out.startsWith("site:d: 2 files restored (4.0 KiB)\n"), out);
      assertTrue(out.contains("1 file holds that already"), out);
      out = printed("restore", "--deleted", "site:d", "--dry-run");
      assertTrue(out.startsWith("site:d: 2 files would be restored (4.0 KiB)\n"), out);
      assertFalse(out.contains("replicator wait"), out);
    }
  }

  @Test
  void restoringLessThanAllEndsWithOneAndTellsWhy() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").restored =
          new RestoreReport(
              true, 2, 4_096, 0, 1, 2, List.of(left("d/a", "it stays"), left("d/b", "no peer")));
      assertEquals(1, with("restore", "--deleted", "site:d"));
      String out = place.out();
      assertTrue(out.contains("  1 not restored: something else is there now, and stays\n"), out);
      assertTrue(out.contains("  2 not restored\n    d/a: it stays\n    d/b: no peer\n"), out);
      assertTrue(out.contains("    and 1 more\n"), out);
    }
  }

  @Test
  void restoringNothingEndsWithOne() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").restored = new RestoreReport(true, 0, 0, 0, 0, 0, List.of());
      assertEquals(1, with("restore", "--deleted", "site:d"));
      assertTrue(place.out().contains("ask there"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "history site:d --since 2h",
        "history --deleted site:d --since soon",
        "history --deleted site:d --since 9999-01-01",
        "restore site:d@0000000000000001:1 --dry-run",
        "restore --deleted nowhere:d",
      })
  void wrongUsageIsTold(String line) throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(2, with(line.split(" ")), place::err);
    }
  }

  @Test
  void sinceIsAskedOfTheRoot() throws Failure {
    try (Daemon _ = daemon()) {
      printed("restore", "--deleted", "site:d", "--since", "1970-01-01T00:00:01Z", "--dry-run");
      RestoreReport.Order order = new RestoreReport.Order(RelativePath.of("d"), 1_000, true);
      assertTrue(roots.root("site").asked.contains("restore " + order));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2h, 2025-11-30T20:00:00Z",
    "30m, 2025-11-30T21:30:00Z",
    "2025-11-29, 2025-11-28T23:00:00Z",
    "2025-11-30T22:30, 2025-11-30T21:30:00Z",
    "2025-11-30 22:30:05, 2025-11-30T21:30:05Z",
    "2025-11-30T21:30:00.5Z, 2025-11-30T21:30:00.500Z",
    "2025-11-30T20:30:00-01:00, 2025-11-30T21:30:00Z",
  })
  void readsTimesAsPeopleWriteThem(String text, String meant) {
    long millis = Since.millis(text, NOW, ZoneId.of("Europe/Berlin"));
    assertEquals(Instant.parse(meant), Instant.ofEpochMilli(millis));
  }

  @Test
  void aTimeThatIsStillToComeIsRefused() {
    String text = NOW.plus(Duration.ofHours(1)).toString();
    assertThrows(
        IllegalArgumentException.class, () -> Since.millis(text, NOW, ZoneId.of("Europe/Berlin")));
  }
}
