package dev.replicator.cli.demo;

import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Prints each change as it arrives, and the sum of them at the end. */
final class LagTable {
  private final Console console;
  private final List<Double> lags = new ArrayList<>();

  LagTable(Console console) {
    this.console = console;
  }

  void header() {
    console.line("");
    console.line("time      from  to        lag  change");
  }

  /** Called on the thread of the watch. */
  synchronized void add(LagWatch.Change change) {
    lags.add(change.millis());
    console.line(
        String.format(
            Locale.ROOT,
            "%s  %-4s  %-4s  %8s  %s %s",
            LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
            change.from(),
            change.to(),
            millis(change.millis()),
            Text.printable(change.path()),
            Text.printable(change.what())));
  }

  synchronized void summary() {
    console.line("");
    if (lags.isEmpty()) {
      console.line("No change was made.");
      return;
    }
    List<Double> sorted = new ArrayList<>(lags);
    Collections.sort(sorted);
    console.line(
        Count.of(sorted.size(), "change")
            + " arrived; lag: median "
            + millis(sorted.get(sorted.size() / 2))
            + ", longest "
            + millis(sorted.getLast())
            + ".");
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }
}
