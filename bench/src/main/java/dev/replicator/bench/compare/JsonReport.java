package dev.replicator.bench.compare;

import io.avaje.jsonb.Jsonb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A comparison for programs. */
final class JsonReport {
  private JsonReport() {}

  static String of(Comparison comparison) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bench", "compare");
    map.put("size", comparison.size().name());
    map.put("environment", comparison.environment().toMap());
    map.put("tools", comparison.tools().stream().map(JsonReport::tool).toList());
    map.put("workloads", comparison.workloads().stream().map(JsonReport::workload).toList());
    map.put("results", comparison.results().stream().map(JsonReport::result).toList());
    map.put("aims", Aim.judge(comparison).stream().map(JsonReport::aim).toList());
    return Jsonb.builder().build().type(Object.class).toJson(map) + "\n";
  }

  private static Map<String, Object> tool(Comparison.Installed tool) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", tool.name());
    tool.version().ifPresent(version -> map.put("version", version));
    map.put("package", tool.debianPackage());
    map.put("settings", tool.settings());
    return map;
  }

  private static Map<String, Object> workload(Comparison.Described workload) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", workload.name());
    map.put("meaning", workload.meaning());
    map.put("link", workload.link());
    return map;
  }

  private static Map<String, Object> result(Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("workload", result.workload());
    map.put("tool", result.tool());
    switch (result.outcome()) {
      case Outcome.Measured measured -> {
        map.put("outcome", "measured");
        map.put("measures", measures(measured.measures()));
      }
      case Outcome.Failed failed -> {
        map.put("outcome", "failed");
        map.put("reason", failed.reason());
      }
      case Outcome.Missing missing -> {
        map.put("outcome", "missing");
        map.put("package", missing.debianPackage());
      }
      case Outcome.NotRun _ -> map.put("outcome", "notRun");
      case Outcome.Unsuited unsuited -> {
        map.put("outcome", "unsuited");
        map.put("reason", unsuited.reason());
      }
    }
    return map;
  }

  private static List<Map<String, Object>> measures(List<Measure> measures) {
    return measures.stream()
        .map(measure -> {
          Map<String, Object> map = new LinkedHashMap<>();
          map.put("name", measure.name());
          map.put("unit", measure.unit().name().toLowerCase(Locale.ROOT));
          map.put("value", measure.value());
          return map;
        })
        .toList();
  }

  private static Map<String, Object> aim(Aim.Judged judged) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("aim", judged.aim());
    map.put("verdict", judged.verdict());
    map.put("found", judged.found());
    return map;
  }
}
