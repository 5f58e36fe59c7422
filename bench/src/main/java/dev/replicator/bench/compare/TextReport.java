package dev.replicator.bench.compare;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A comparison for the terminal. */
final class TextReport {
  private TextReport() {}

  static String of(Comparison comparison) {
    StringBuilder out = new StringBuilder();
    out.append(
        "size %s; %s\n".formatted(comparison.size().name(), comparison.environment().text()));
    for (Comparison.Installed tool : comparison.tools()) {
      out.append("  %-11s %s\n".formatted(tool.name(), tool.version().orElse("not installed")));
    }
    out.append("each cell: how many times ours, then the figure; less is better\n");
    for (Comparison.Described workload : comparison.workloads()) {
      out.append('\n').append(workload.name()).append(": ").append(workload.meaning());
      out.append(" (").append(workload.link()).append(")\n");
      Cells cells = Cells.of(comparison, workload);
      out.append(table(cells));
      cells.notes().forEach(note -> out.append("  ").append(note).append('\n'));
    }
    out.append('\n').append("aims\n");
    for (Aim.Judged judged : Aim.judge(comparison)) {
      String found = judged.found().isEmpty() ? "" : ": " + judged.found();
      out.append("  %-12s %s%s\n".formatted(judged.verdict(), judged.aim(), found));
    }
    return out.toString();
  }

  private static String table(Cells cells) {
    List<List<String>> lines =
        Stream.concat(Stream.of(cells.head()), cells.rows().stream()).toList();
    int[] widths =
        IntStream.range(0, cells.head().size())
            .map(column ->
                lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0))
            .toArray();
    StringBuilder out = new StringBuilder();
    for (List<String> line : lines) {
      out.append("  %-".concat(widths[0] + "s").formatted(line.getFirst()));
      for (int column = 1; column < line.size(); column++) {
        out.append("  %".concat(widths[column] + "s").formatted(line.get(column)));
      }
      out.append('\n');
    }
    return out.toString();
  }
}
