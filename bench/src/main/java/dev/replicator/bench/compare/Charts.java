package dev.replicator.bench.compare;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/** One SVG for each measure that more than one tool has: bars on a logarithmic scale. */
final class Charts {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;

  private Charts() {}

  /** The names of the files that were written. */
  static List<String> write(Comparison comparison, Path directory) throws IOException {
    // No chart needs a screen, and a server has none.
    System.setProperty("java.awt.headless", "true");
    List<String> written = new ArrayList<>();
    for (Comparison.Described workload : comparison.workloads()) {
      for (String measure : comparison.measures(workload.name())) {
        Map<String, Measure> bars = bars(comparison, workload.name(), measure);
        if (bars.size() > 1) {
          String name = (workload.name() + "-" + measure).replaceAll("[^a-z0-9]+", "-") + ".svg";
          CategoryChart chart = chart(workload.name(), measure, bars);
          try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
          }
          written.add(name);
        }
      }
    }
    return written;
  }

  /** A logarithmic scale has no place for 0. */
  private static Map<String, Measure> bars(Comparison comparison, String workload, String measure) {
    Map<String, Measure> bars = new LinkedHashMap<>();
    for (Comparison.Installed tool : comparison.tools()) {
      comparison
          .measure(workload, tool.name(), measure)
          .filter(figure -> figure.unit().isCompared() && figure.value() > 0)
          .ifPresent(figure -> bars.put(tool.name(), figure));
    }
    return bars;
  }

  private static CategoryChart chart(String workload, String measure, Map<String, Measure> bars) {
    Unit unit = bars.values().iterator().next().unit();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("%s: %s, %s (less is better)".formatted(workload, measure, unit.symbol()))
            .build();
    CategoryStyler style = chart.getStyler();
    style.setLegendPosition(Styler.LegendPosition.OutsideE);
    style.setLegendVisible(false);
    style.setChartBackgroundColor(Color.WHITE);
    style.setYAxisLogarithmic(true);
    style.setYAxisMin(floor(bars.values().stream().mapToDouble(Measure::value).min().orElse(1)));
    style.setLabelsVisible(true);
    List<Double> values = bars.values().stream().map(Measure::value).toList();
    chart.addSeries(measure, List.copyOf(bars.keySet()), values);
    return chart;
  }

  /** The power of ten below, so that the smallest bar has a height too. */
  private static double floor(double least) {
    return Math.pow(10, Math.ceil(Math.log10(least)) - 1);
  }
}
