package dev.replicator.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A comparison as a document. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String of(Comparison comparison) {
    StringBuilder out = new StringBuilder();
    out.append("# Comparison, size %s\n\n".formatted(comparison.size().name()));
    out.append(comparison.environment().text()).append(".\n\n");
    out.append("## Aims\n\n| aim | reached | found |\n| --- | --- | --- |\n");
    for (Aim.Judged judged : Aim.judge(comparison)) {
      out.append(row(List.of(judged.aim(), judged.verdict(), judged.found())));
    }
    out.append("\n## Figures\n\n");
    out.append("Each cell: how many times ours, then the figure; less is better.\n");
    for (Comparison.Described workload : comparison.workloads()) {
      Cells cells = Cells.of(comparison, workload);
      out.append(
          "\n### %s\n\n%s (%s).\n\n"
              .formatted(workload.name(), capital(workload.meaning()), workload.link()));
      if (!cells.rows().isEmpty()) {
        out.append(row(cells.head()));
        out.append(row(cells.head().stream().map(_ -> "---").toList()));
        cells.rows().forEach(line -> out.append(row(line)));
      }
      if (!cells.notes().isEmpty()) {
        out.append('\n');
        cells.notes().forEach(note -> out.append("- ").append(escaped(note)).append('\n'));
      }
    }
    out.append("\n## Tools\n\n| tool | version | settings |\n| --- | --- | --- |\n");
    for (Comparison.Installed tool : comparison.tools()) {
      out.append(
          row(List.of(tool.name(), tool.version().orElse("not installed"), tool.settings())));
    }
    return out.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(MarkdownReport::escaped)
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
