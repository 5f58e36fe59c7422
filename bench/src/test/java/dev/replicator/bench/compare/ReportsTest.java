package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
  @Test
  void putsTheRatioBeforeTheFigure() {
    Cells cells = cells(result("rsync", seconds(3)));

    assertEquals(List.of("measure", "replicator", "rsync"), cells.head());
    assertEquals(
        List.of(List.of("identical after", "1.00x  1.50 s", "2.00x  3.00 s")), cells.rows());
  }

  @Test
  void showsNoFigureOfWhatFailed() {
    Cells cells = cells(result("rsync", new Outcome.Failed("the trees differ: a")));

    assertEquals(List.of(List.of("identical after", "1.00x  1.50 s", "FAILED")), cells.rows());
    assertEquals(List.of("rsync FAILED: the trees differ: a"), cells.notes());
  }

  @Test
  void namesThePackageOfWhatIsMissing() {
    Cells cells = cells(result("rsync", new Outcome.Missing("rsync")));

    assertEquals(List.of("rsync is missing: apt-get install rsync"), cells.notes());
  }

  @Test
  void leavesOutWhatIsNotMadeForIt() {
    Cells cells = cells(result("rsync", new Outcome.Unsuited("runs once")));

    assertEquals(List.of("measure", "replicator"), cells.head());
    assertEquals(List.of("rsync is left out: it runs once"), cells.notes());
  }

  @Test
  void saysSoWhenAllFailed() {
    Comparison comparison = comparison(result("replicator", new Outcome.Failed("no start")));

    Cells cells = Cells.of(comparison, comparison.workloads().getFirst());

    assertEquals(List.of(List.of("outcome", "FAILED")), cells.rows());
    assertFalse(comparison.isSound());
  }

  @Test
  void givesNoRatioToAZero() {
    assertEquals(
        List.of(List.of("identical after", "0.000 s", "3.00 s")),
        Cells.of(
                comparison(result("replicator", seconds(0)), result("rsync", seconds(3))),
                comparison().workloads().getFirst())
            .rows());
  }

  @Test
  void tellsTheSameInTextMarkdownAndJson() {
    Comparison comparison =
        comparison(result("replicator", seconds(1.5)), result("rsync", seconds(3)));

    assertTrue(TextReport.of(comparison).contains("2.00x  3.00 s"));
    assertTrue(
        MarkdownReport.of(comparison)
            .contains("| identical after | 1.00x  1.50 s | 2.00x  3.00 s |"));
    assertTrue(
        JsonReport.of(comparison)
            .contains("\"measures\":[{\"name\":\"identical after\",\"unit\":\"seconds\""));
  }

  @Test
  void drawsAChartForEachMeasure(@TempDir Path out) throws IOException {
    Comparison comparison =
        comparison(result("replicator", seconds(1.5)), result("rsync", seconds(3)));

    assertEquals(List.of("burst-identical-after.svg"), Charts.write(comparison, out));
    assertTrue(Files.readString(out.resolve("burst-identical-after.svg")).contains("</svg>"));
  }

  @Test
  void drawsNothingOfWhatFailed(@TempDir Path out) throws IOException {
    Comparison comparison =
        comparison(
            result("replicator", seconds(1.5)), result("rsync", new Outcome.Failed("no start")));

    assertEquals(List.of(), Charts.write(comparison, out));
  }

  private static Cells cells(Result other) {
    Comparison comparison = comparison(result("replicator", seconds(1.5)), other);
    return Cells.of(comparison, comparison.workloads().getFirst());
  }

  static Outcome seconds(double value) {
    return new Outcome.Measured(List.of(new Measure("identical after", Unit.SECONDS, value)));
  }

  static Result result(String tool, Outcome outcome) {
    return new Result("burst", tool, outcome);
  }

  static Comparison comparison(Result... results) {
    return new Comparison(
        new Environment("Linux", "ext4", 2, 1_024, "25", "0.00"),
        Size.named("tiny"),
        List.of(new Comparison.Described("burst", "a tree is copied in", "loopback")),
        Stream.of("replicator", "rsync")
            .map(name -> new Comparison.Installed(name, Optional.of("1"), name, "default"))
            .toList(),
        List.of(results));
  }
}
