package dev.replicator.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The figures of one workload as a table of texts: a row for each measure, a column for each tool.
 */
record Cells(String title, List<String> head, List<List<String>> rows, List<String> notes) {
  private static final String NOTHING = "-";

  static Cells of(Comparison comparison, Comparison.Described workload) {
    List<String> tools =
        comparison.tools().stream()
            .map(Comparison.Installed::name)
            .filter(tool -> comparison.result(workload.name(), tool).isPresent())
            .filter(tool -> !isLeftOut(comparison, workload.name(), tool))
            .toList();
    List<String> head = new ArrayList<>(List.of("measure"));
    head.addAll(tools);
    List<List<String>> rows = new ArrayList<>();
    for (String measure : comparison.measures(workload.name())) {
      List<String> row = new ArrayList<>(List.of(measure));
      tools.forEach(tool -> row.add(cell(comparison, workload.name(), tool, measure)));
      rows.add(row);
    }
    if (rows.isEmpty() && !tools.isEmpty()) {
      List<String> row = new ArrayList<>(List.of("outcome"));
      tools.forEach(tool -> row.add(cell(comparison, workload.name(), tool, "")));
      rows.add(row);
    }
    return new Cells(workload.name(), head, rows, notes(comparison, workload.name()));
  }

  private static boolean isLeftOut(Comparison comparison, String workload, String tool) {
    return comparison
        .result(workload, tool)
        .filter(result -> result.outcome() instanceof Outcome.Unsuited)
        .isPresent();
  }

  /** The ratio first: it is what stays when the machine is another. */
  private static String cell(Comparison comparison, String workload, String tool, String measure) {
    Optional<Result> result = comparison.result(workload, tool);
    return result
        .map(found ->
            switch (found.outcome()) {
              case Outcome.Measured _ ->
                  found
                      .measure(measure)
                      .map(figure -> ratio(comparison, workload, tool, measure) + text(figure))
                      .orElse(NOTHING);
              case Outcome.Failed _ -> "FAILED";
              case Outcome.Missing _ -> "missing";
              case Outcome.NotRun _ -> "not run";
              case Outcome.Unsuited _ -> NOTHING;
            })
        .orElse(NOTHING);
  }

  private static String text(Measure measure) {
    return measure.unit().text(measure.value());
  }

  private static String ratio(Comparison comparison, String workload, String tool, String measure) {
    return comparison
        .ratio(workload, tool, measure)
        .map(ratio -> Unit.digits(ratio) + "x  ")
        .orElse("");
  }

  private static List<String> notes(Comparison comparison, String workload) {
    List<String> notes = new ArrayList<>();
    for (Result result : comparison.results()) {
      if (result.workload().equals(workload)) {
        switch (result.outcome()) {
          case Outcome.Measured _, Outcome.NotRun _ -> {}
          case Outcome.Failed failed -> notes.add(result.tool() + " FAILED: " + failed.reason());
          case Outcome.Missing missing ->
              notes.add(result.tool() + " is missing: apt-get install " + missing.debianPackage());
          case Outcome.Unsuited unsuited ->
              notes.add(result.tool() + " is left out: it " + unsuited.reason());
        }
      }
    }
    return notes;
  }
}
